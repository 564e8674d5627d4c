package main

var patternParts = []string{
	"a", "b", "ab", "src", "é", "日", "𝒳", ".", "..", "-", "_", "+", "(", ")", "{", "}", "|", "$", "^", "#", " ", ",", "=",
	"*", "*", "*", "**", "**", "**/", "/**", "?", "?", "/", "/", "/", "/", "./",
	"[ab]", "[^ab]", "[a-c]", "[!a]", "[a-]", "[-a]", "[*]", "[a?]", "[^/]", "[[:alpha:]]", "[[:^digit:]]", "[]a]", "[b-a]", "[", "]",
	"\\*", "\\?", "\\[", "\\d", "\\D", "\\w", "\\s", "\\.", "\\a", "\\", "\\!", "\\-", "{2}", "{1,2}", "{0,}", "{,2}", "{02}", "{2,1}",
}

var pathParts = []string{
	"a", "a", "b", "ab", "src", "é", "日", "𝒳", "c", "1", ".", "-", "_", "+", "(", ")", "{", "}", "|", "$", "^", "#", " ", ",", "=", "!",
	"/", "/", "/", "/", "*", "?", "[", "]", "\\", "\n",
}

var curated = []string{
	"", "#", "# comment\na", " # file", "\ufeffa", "a\n\ufeffb", "a\r\nb\r\n", "a\r", "!", "! ", " ! a ", "!\ta", "/a", "//a", "/", "./a", "a/", "a/.", "a/b/..", "../a", "..", ".", "!/a", "!./a/", "\u0085a\u00a0", "\ufeff\ufeffa",
	"**", "**/", "/**", "**/**", "***", "****", "*", "*/", "*/*", "*/*/*", "**/*", "**/a", "**/a/b", "a/**", "a/**/b", "a**", "a**/b", "**a", "**.go", "a**b", "**/*.go", "**/a**", "**/a*", "a/**/*.md", "a/*/b", "*.go", "?", "??", "a?", "?/?", "a/?",
	"*\n!a", "*\n!a/b", "a\n!a", "!a\na", "a\n!a/b", "a/b\n!a", "a\n!a/b\na/b/c", "**\n!a/b", "*\n!*.md", "**/*.go\n!**/keep.go", "docs\n!docs/README.md", "docs\n!**/README.md", "docs/*\n!docs/README.md", "docs/**\n!docs/README.md", "*\n!src\n!src/**", "*\n!src/*/x", "node_modules\n**/node_modules\n!a/node_modules/keep",
	"c++", "app/(marketing)", "src/+page.svelte", "a.b", "a|b", "{a,b}", "a$", "$a", "^a", "*^a", "a^*", "[^a]", "a[^b]c", "[a-c]*", "[!a]", "[]a]", "[]", "[^]", "[", "a[", "a]", "]", "[a", "[a-", "[a-]", "[-a]", "[b-a]", "[*]", "[?]", "[**]", "[a*b]", "[[]", "[[:alpha:]]", "[[:nope:]]", "[[:alpha]", "[\\]]", "[\\d]", "[\\-]", "\\", "a\\", "\\a", "\\d", "\\D\\D", "\\w*", "\\S\\s", "\\*", "\\**", "a\\*b", "a\\/b", "**\\", "**/a\\", "\\é", "\\\\", "a\\\\b", "\\#", "\\!a", "!\\!a", "!!a",
	"日本/*", "é?", "?é", "𝒳?", "??/*", "*.𝒳", "a b", "a  b", "# a\n  #b\n\t#c", "*.log\n!*.keep.log\n**/tmp\n/build\ndist/", "+(a)", "*a{2}", "*b{0,1}", "*{2}", "**/{2}", "{2}*", "^{0}a*", "*a|b", "a|*", "*|*", "*a{1001}", "*[ab]{2,3}/", "@(a)", "!(a)", "a,b", "a=b", "~", "%", "a\nb\n!a\n!b\na", "a*b*c*d", "*a*a*a*", ".*", ".git", ".*\n!.env", "*.*", "a/b/c/d", "a/*/c/*", "**/c/**", "**/b/**/d", "/**/b", "a/**/", "a/**/**", "**/**/a", "*/**", "**/*/a", "a***b", "**?", "?**", "**[ab]", "[ab]**",
}

var paths = []string{
	"a", "b", "ab", "abc", "A", "a/b", "a/b/c", "a/b/c/d", "a/c", "b/a", "b/a/b", "a.go", "a.b", "axb", "src", "src/a", "src/a/x", "src/+page.svelte", "src/x.go", "src/keep.go", "keep.go", "x.md", "a/x.md", "a/b/x.md",
	"docs", "docs/README.md", "docs/guide/README.md", "docs/x", "README.md", "node_modules", "node_modules/x", "a/node_modules", "a/node_modules/keep", "a/node_modules/x",
	"c++", "c", "ccc", "app/(marketing)", "app/marketing", "app/(marketing)/page", "a|b", "{a,b}", "a$", "$a", "^a", "^", "[", "]", "[a", "[]", "*", "?", "**", "\\", "a\\", "a\\b", "\\a", "d", "5", "55", " ", "a b", "a  b", "#", "# file", "#b", "!", "!a", "!!a", "(a)", "+(a)", "-", "a-", "~", "%", "a,b", "a=b",
	"日本", "日本/語", "é", "éa", "aé", "𝒳a", "x.𝒳", "日a/x", ".git", ".git/config", ".env", "tmp", "a/tmp/x", "x.log", "x.keep.log", "build", "a/build", "dist", "dist/x", "a/c/c", "b/c/d", "x/b/y/d", "a\nb", "a/\n/b", "a\nb/c", "\ufeffa", "aXbXcXd", "aaa",
}
