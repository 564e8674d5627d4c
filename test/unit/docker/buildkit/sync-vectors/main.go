// Writes what the real github.com/tonistiigi/fsutil sends, for test/unit/docker/buildkit/sync-vectors.test.ts:
//
//	cd test/unit/docker/buildkit/sync-vectors && go run . > ../sync-vectors.ndjson
package main

import (
	"encoding/json"
	"math/rand"
	"os"
)

// What a frontend may ask for, by the names of its headers.
type request struct {
	Include []string `json:"include,omitempty"`
	Exclude []string `json:"exclude,omitempty"`
	Follow  []string `json:"follow,omitempty"`
}

type vector struct {
	Name    string  `json:"name"`
	Tree    []node  `json:"tree"`
	Request request `json:"request"`
	// In the order in which they were sent.
	Stats []stat `json:"stats"`
	// By id, of every file that can be asked for.
	Contents map[uint32]string `json:"contents"`
	Error    string            `json:"error,omitempty"`
}

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	write := func(name string, tree []node, asked request) {
		one := vector{Name: name, Tree: tree, Request: asked}
		record(&one)
		if err := encoder.Encode(one); err != nil {
			panic(err)
		}
	}
	for _, scene := range scenes {
		for _, asked := range append([]request{{}}, scene.requests...) {
			write(scene.name, scene.tree, asked)
		}
	}
	random := rand.New(rand.NewSource(17))
	for i := 0; i < 400; i++ {
		write("random", randomTree(random), randomRequest(random))
	}
}
