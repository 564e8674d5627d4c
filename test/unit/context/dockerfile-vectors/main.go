// Writes what BuildKit's own parser makes of Dockerfiles, for test/unit/context/dockerfile-vectors.test.ts:
//
//	cd test/unit/context/dockerfile-vectors && go run . > ../dockerfile-vectors.ndjson
package main

import (
	"encoding/json"
	"math/rand"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

type stage struct {
	Name     string `json:"name"`
	Base     string `json:"base"`
	Platform string `json:"platform"`
	Line     int    `json:"line"`
}

type vector struct {
	Text string            `json:"text"`
	Args map[string]string `json:"args,omitempty"`
	// BuildKit refuses the file.
	Error  bool    `json:"error,omitempty"`
	Stages []stage `json:"stages,omitempty"`
}

var args = map[string]string{"GIVEN": "given", "EMPTY": ""}

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	write := func(text string) {
		if err := encoder.Encode(measure(text)); err != nil {
			panic(err)
		}
	}
	for _, text := range curated {
		write(text)
	}
	random := rand.New(rand.NewSource(7))
	for i := 0; i < 3000; i++ {
		var text strings.Builder
		if random.Intn(3) == 0 {
			text.WriteString(heads[random.Intn(len(heads))])
		}
		for random.Intn(2) == 0 {
			text.WriteString(globals[random.Intn(len(globals))] + "\n")
		}
		if random.Intn(10) > 0 {
			text.WriteString("FROM $A$B\n")
		}
		for lines := random.Intn(5); lines > 0; lines-- {
			text.WriteString(line(random))
		}
		write(text.String())
	}
}

func line(random *rand.Rand) string {
	one := func(list []string) string { return list[random.Intn(len(list))] }
	switch chance := random.Intn(40); {
	case chance == 0:
		return one(bad) + one(ends)
	case chance < 8:
		text := one(opens) + "\n"
		for lines := random.Intn(3); lines > 0; lines-- {
			text += one(bodies) + "\n"
		}
		return text + "EOF\nEND\n"[:[]int{4, 8, 8}[random.Intn(3)]]
	}
	if random.Intn(6) == 0 {
		return one(good) + one(ends)
	}
	return one(good) + "\n"
}

func measure(text string) vector {
	result := vector{Text: text, Args: args}
	parsed, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		return vector{Text: text, Args: args, Error: true}
	}
	stages, globals, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return vector{Text: text, Args: args, Error: true}
	}
	lex := shell.NewLex(parsed.EscapeToken)
	values := map[string]string{}
	for _, command := range globals {
		for _, arg := range command.Args {
			if given, ok := args[arg.Key]; ok {
				values[arg.Key] = given
			} else if arg.Value != nil {
				value, err := expand(lex, *arg.Value, values)
				if err != nil {
					return vector{Text: text, Args: args, Error: true}
				}
				values[arg.Key] = value
			}
		}
	}
	for _, one := range stages {
		base, err := expand(lex, one.BaseName, values)
		if err != nil {
			return vector{Text: text, Args: args, Error: true}
		}
		platform, err := expand(lex, one.Platform, values)
		if err != nil {
			return vector{Text: text, Args: args, Error: true}
		}
		result.Stages = append(result.Stages, stage{one.Name, base, platform, one.Location[0].Start.Line})
	}
	return result
}

func expand(lex *shell.Lex, word string, values map[string]string) (string, error) {
	list := []string{}
	for name, value := range values {
		list = append(list, name+"="+value)
	}
	result, _, err := lex.ProcessWord(word, shell.EnvsFromSlice(list))
	return result, err
}
