package main

import (
	"math/rand"
	"path"
)

var names = []string{"a", "b", "ab", "a-b", "a.b", "src", "x.go", "y.md", "é", "[a]", "a b", "!a", "#a", "c"}
var parts = []string{"a", "b", "ab", "src", "x.go", "é", "*", "*", "**", "?", "[ab]", "*.go", "a*", "**/*.md", "\\[a\\]", "c", "..", "."}
var targets = []string{"a", "b", "../a", "src", "/src", "/a/b", ".", "..", "x.go", "../../x", "*", "a/b", "ab/../src", "nope"}

func randomTree(random *rand.Rand) []node {
	tree := []node{}
	folders := []string{""}
	files := []string{}
	seen := map[string]bool{}
	for i := 0; i < 3+random.Intn(14); i++ {
		at := path.Join(folders[random.Intn(len(folders))], names[random.Intn(len(names))])
		if seen[at] {
			continue
		}
		seen[at] = true
		switch kind := random.Intn(10); {
		case kind < 4:
			folders = append(folders, at)
			tree = append(tree, folder(at))
		case kind < 7 || (kind == 9 && len(files) == 0):
			files = append(files, at)
			tree = append(tree, file(at, long(at, random.Intn(3))))
		case kind < 9:
			tree = append(tree, symlink(at, targets[random.Intn(len(targets))]))
		default:
			tree = append(tree, hardlink(at, files[random.Intn(len(files))]))
		}
	}
	return tree
}

func randomRequest(random *rand.Rand) request {
	asked := request{}
	for i := random.Intn(3); i > 0; i-- {
		asked.Include = append(asked.Include, randomPattern(random))
	}
	for i := random.Intn(3); i > 0; i-- {
		asked.Exclude = append(asked.Exclude, randomPattern(random))
	}
	for i := random.Intn(3); i > 0; i-- {
		asked.Follow = append(asked.Follow, randomPath(random))
	}
	return asked
}

func randomPattern(random *rand.Rand) string {
	if random.Intn(4) == 0 {
		return "!" + randomPath(random)
	}
	return randomPath(random)
}

func randomPath(random *rand.Rand) string {
	text := parts[random.Intn(len(parts))]
	for i := random.Intn(3); i > 0; i-- {
		text += "/" + parts[random.Intn(len(parts))]
	}
	return text
}
