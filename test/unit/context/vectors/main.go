// Writes what the real github.com/moby/patternmatcher answers, for test/unit/context/pattern-matcher.test.ts:
//
//	cd test/unit/context/vectors && go run . > ../patternmatcher-vectors.ndjson
package main

import (
	"encoding/json"
	"math/rand"
	"os"
	"path"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

type vector struct {
	// The ignore file, as text.
	File string `json:"file"`
	// What ReadAll makes of it.
	Patterns []string `json:"patterns"`
	// A pattern of it is malformed.
	Error bool `json:"error,omitempty"`
	// Paths that are left out, and paths that are sent.
	Ignored []string `json:"ignored,omitempty"`
	Kept    []string `json:"kept,omitempty"`
}

func main() {
	vectors := []vector{}
	for _, file := range curated {
		vectors = append(vectors, measure(file, paths))
	}
	random := rand.New(rand.NewSource(20))
	for i := 0; i < 1500; i++ {
		lines := make([]string, 1+random.Intn(4))
		for j := range lines {
			lines[j] = pick(random, patternParts, 1+random.Intn(6))
			if random.Intn(4) == 0 {
				lines[j] = "!" + lines[j]
			}
		}
		some := []string{}
		for j := 0; j < 8; j++ {
			some = append(some, strings.Trim(path.Clean(pick(random, pathParts, 1+random.Intn(7))), "/"))
		}
		vectors = append(vectors, measure(strings.Join(lines, "\n"), some))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, one := range vectors {
		if err := encoder.Encode(one); err != nil {
			panic(err)
		}
	}
}

func pick(random *rand.Rand, parts []string, count int) string {
	var text strings.Builder
	for i := 0; i < count; i++ {
		text.WriteString(parts[random.Intn(len(parts))])
	}
	return text.String()
}

func measure(file string, candidates []string) vector {
	patterns, err := ignorefile.ReadAll(strings.NewReader(file))
	result := vector{File: file, Patterns: patterns}
	if err != nil || malformed(patterns) {
		result.Error = true
		return result
	}
	seen := map[string]bool{}
	for _, candidate := range candidates {
		if candidate == "" || strings.HasPrefix(candidate, ".") && strings.HasPrefix(path.Clean(candidate), "..") || candidate == "." || seen[candidate] {
			continue
		}
		seen[candidate] = true
		if ignored(patterns, candidate) {
			result.Ignored = append(result.Ignored, candidate)
		} else {
			result.Kept = append(result.Kept, candidate)
		}
	}
	return result
}

// As a walk asks: the folder's results go into the question for what it holds.
func ignored(patterns []string, candidate string) bool {
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		panic(err)
	}
	var info patternmatcher.MatchInfo
	var answer bool
	parts := strings.Split(candidate, "/")
	for i := range parts {
		answer, info, err = matcher.MatchesUsingParentResults(strings.Join(parts[:i+1], "/"), info)
		if err != nil {
			panic(err)
		}
	}
	return answer
}

// The module compiles a pattern when it is first asked; ask each one.
func malformed(patterns []string) bool {
	if _, err := patternmatcher.New(patterns); err != nil {
		return true
	}
	for _, pattern := range patterns {
		matcher, err := patternmatcher.New([]string{strings.TrimPrefix(pattern, "!")})
		if err != nil {
			return true
		}
		if _, err := matcher.MatchesOrParentMatches("x"); err != nil {
			return true
		}
	}
	return false
}
