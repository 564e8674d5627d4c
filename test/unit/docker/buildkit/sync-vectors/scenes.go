package main

type scene struct {
	name     string
	tree     []node
	requests []request
}

func file(path string, content string) node {
	return node{Path: path, Kind: "file", Mode: 0o644, Content: content, Seconds: 1_700_000_000, Nanos: 125_000_000}
}

func folder(path string) node {
	return node{Path: path, Kind: "folder", Mode: 0o755, Seconds: 1_600_000_000}
}

func symlink(path string, target string) node {
	return node{Path: path, Kind: "symlink", Target: target, Seconds: 1_500_000_000}
}

func hardlink(path string, target string) node {
	return node{Path: path, Kind: "hardlink", Target: target}
}

var scenes = []scene{
	{"empty", []node{}, []request{{Follow: []string{"a"}}, {Include: []string{"a"}}, {Exclude: []string{"a"}}}},
	{"order: a slash sorts lowest", []node{
		folder("a"), file("a/z", "1"), folder("a/b"), file("a/b/c", ""), file("a-b", "2"), file("a.b", "3"), folder("a b"), file("a b/x", "4"),
		file("A", "5"), file("ab", "6"), file("é", "7"), file("z", "8"), file("￿", "9"), file("𝒳", "10"), file("b\\c", "11"), file("~", "12"),
	}, nil},
	{"modes and times", []node{
		{Path: "d", Kind: "folder", Mode: 0o1777, Seconds: 1}, {Path: "d/setgid", Kind: "folder", Mode: 0o2750, Seconds: 0, Nanos: 500_000_000},
		{Path: "a", Kind: "file", Mode: 0o4755, Content: "x", Seconds: 1_234_567_890, Nanos: 984_375_000},
		{Path: "b", Kind: "file", Mode: 0, Content: "x", Seconds: -1, Nanos: 750_000_000}, {Path: "c", Kind: "file", Mode: 0o6711, Content: "x", Seconds: 4_000_000_000},
		{Path: "zero", Kind: "file", Mode: 0o600, Seconds: 0}, {Path: "before", Kind: "file", Mode: 0o600, Seconds: -2_000_000_000},
		{Path: "link", Kind: "symlink", Target: "a", Seconds: -3},
	}, nil},
	{"symlinks", []node{
		file("file", "content"), folder("dir"), file("dir/one", "1"), file("dir/two", "22"), symlink("dir/self", "."), symlink("to-file", "file"),
		symlink("to-dir", "dir"), symlink("dangling", "nowhere"), symlink("absolute", "/dir"), symlink("out", "../../etc"), symlink("loop", "loop"),
		symlink("ring-a", "ring-b"), symlink("ring-b", "ring-a"), symlink("chain", "to-dir/one"), symlink("deep", "to-dir/../file"), symlink("star", "d*"),
	}, []request{
		{Follow: []string{"to-file"}}, {Follow: []string{"to-dir"}}, {Follow: []string{"to-dir/one"}}, {Follow: []string{"to-dir/one", "to-dir/two"}},
		{Follow: []string{"dangling"}}, {Follow: []string{"absolute/one"}}, {Follow: []string{"out"}}, {Follow: []string{"loop"}}, {Follow: []string{"ring-a"}},
		{Follow: []string{"chain"}}, {Follow: []string{"deep"}}, {Follow: []string{"to-*"}}, {Follow: []string{"t?-d[ij]r/o*"}}, {Follow: []string{"d*/self/two"}},
		{Follow: []string{"star"}}, {Follow: []string{"."}}, {Follow: []string{"/file"}}, {Follow: []string{"./dir/../file"}}, {Follow: []string{"dir/one/x"}},
		{Follow: []string{"nope", "no/pe"}}, {Follow: []string{"file", "dir"}, Exclude: []string{"dir/one"}}, {Follow: []string{"to-file"}, Exclude: []string{"to-file"}},
		{Follow: []string{"to-file"}, Exclude: []string{"file"}}, {Follow: []string{"file"}, Include: []string{"dir/two"}}, {Follow: []string{"."}, Include: []string{"dir/two"}},
		{Follow: []string{"["}}, {Follow: []string{"dir/[a-"}}, {Follow: []string{""}}, {Follow: []string{"dir/"}}, {Follow: []string{"*"}}, {Follow: []string{"*/*"}},
	}},
	{"hard links", []node{
		file("a", "shared"), hardlink("b", "a"), folder("c"), hardlink("c/d", "a"), file("e", "other"), hardlink("f", "e"), file("alone", "x"),
		folder("g"), hardlink("g/h", "e"), file("empty", ""), hardlink("empty2", "empty"),
	}, []request{
		{Exclude: []string{"a"}}, {Exclude: []string{"a", "b"}}, {Include: []string{"c"}}, {Include: []string{"g", "f"}}, {Follow: []string{"g/h", "a"}}, {Exclude: []string{"e", "f"}},
	}},
	{"includes", []node{
		folder("a"), folder("a/b"), file("a/b/c", "1"), file("a/b/d.go", "2"), file("a/x.go", "3"), folder("docs"), file("docs/README.md", "4"), file("docs/x", "5"),
		folder("empty"), folder("a/empty"), file("x.go", "6"), folder("node_modules"), folder("node_modules/m"), file("node_modules/m/i.js", "7"),
	}, []request{
		{Include: []string{"a"}}, {Include: []string{"a/b"}}, {Include: []string{"a/b/c"}}, {Include: []string{"*.go"}}, {Include: []string{"**/*.go"}}, {Include: []string{"a/**"}},
		{Include: []string{"**", "!a"}}, {Include: []string{"a", "!a/b"}}, {Include: []string{"a", "!a/b", "a/b/c"}}, {Include: []string{"!a"}}, {Include: []string{"empty"}},
		{Include: []string{"*/empty"}}, {Include: []string{"a/*"}}, {Include: []string{"nope"}}, {Include: []string{"["}}, {Include: []string{"  a  ", ""}}, {Include: []string{"docs/*", "a/x.go"}},
		{Exclude: []string{"node_modules"}}, {Exclude: []string{"docs", "!docs/README.md"}}, {Exclude: []string{"*", "!a/b"}}, {Exclude: []string{"**/*.go"}}, {Exclude: []string{"*", "!**/*.md"}},
		{Exclude: []string{"a/b", "!a/b/c", "a/b/c"}}, {Exclude: []string{"["}}, {Exclude: []string{"a/empty", "empty"}}, {Include: []string{"a", "docs"}, Exclude: []string{"**/*.go", "docs"}},
		{Include: []string{"a/b/c"}, Exclude: []string{"a"}}, {Include: []string{"**/*.go"}, Exclude: []string{"*", "!a"}}, {Include: []string{"a"}, Exclude: []string{"a", "!a/b"}}, {Exclude: []string{"**"}}, {Exclude: []string{"."}}, {Exclude: []string{""}},
	}},
	{"a FIFO", []node{file("a", "1"), {Path: "b", Kind: "fifo", Mode: 0o640, Seconds: 5}, file("c", "2")}, []request{{Follow: []string{"b"}}}},
	{"long names", []node{folder(long("n", 200)), file(long("n", 200)+"/"+long("m", 255), "x"), symlink("l", long("t", 1000)), file(long("é", 120), "y"), file(long("x", 113), ""), file(long("x", 116), "")}, nil},
}

func long(what string, times int) string {
	text := ""
	for i := 0; i < times; i++ {
		text += what
	}
	return text
}
