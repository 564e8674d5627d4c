package main

import (
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// One thing on the disk. Folders come before what is in them.
type node struct {
	Path string `json:"path"`
	// file, folder, symlink, hardlink or fifo.
	Kind string `json:"kind"`
	// Permissions with setuid, setgid and sticky, as chmod(2) has them.
	Mode uint32 `json:"mode"`
	// Of a file.
	Content string `json:"content,omitempty"`
	// Of a link.
	Target string `json:"target,omitempty"`
	// Seconds since the epoch.
	Seconds int64 `json:"seconds"`
	Nanos   int64 `json:"nanos,omitempty"`
}

func build(root string, tree []node) {
	for _, one := range tree {
		make1(filepath.Join(root, one.Path), root, one)
	}
	// Backwards: what is made in a folder changes its time.
	for i := len(tree) - 1; i >= 0; i-- {
		one := tree[i]
		at := filepath.Join(root, one.Path)
		if one.Kind != "symlink" && one.Kind != "hardlink" {
			check(syscall.Chmod(at, one.Mode))
		}
		if one.Kind != "hardlink" {
			setTime(at, time.Unix(one.Seconds, one.Nanos))
		}
	}
}

func make1(at string, root string, one node) {
	switch one.Kind {
	case "file":
		check(os.WriteFile(at, []byte(one.Content), 0o600))
	case "folder":
		check(os.Mkdir(at, 0o700))
	case "symlink":
		check(os.Symlink(one.Target, at))
	case "hardlink":
		check(os.Link(filepath.Join(root, one.Target), at))
	case "fifo":
		check(syscall.Mkfifo(at, 0o600))
	default:
		panic(one.Kind)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
