package main

var heads = []string{"# escape=`\n", "# escape=\\\n", "# syntax=docker/dockerfile:1\n", "# syntax=docker/dockerfile:1\n# escape=`\n", "# comment\n# escape=`\n", "\n# escape=`\n", "#escape = `\n", " # escape=`\n", "# ESCAPE=`\n", "# check=skip=all\n# escape=`\n", "\ufeff", "# other=x\n# escape=`\n", "\ufeff# escape=`\n"}

var ends = []string{"\n", "\n", "\n", "\n", "\n", "\r\n", "\n\n", " \\\n", "\\\n", " `\n", "\\ \t\n", "\\\\\n", " \\\n# comment\n", " \\\n\n", ""}

// Lines that may stand in front of the first FROM.
var globals = []string{
	"ARG A=v1", "ARG A", "ARG A=", "ARG B=b A=a", "ARG A=\"q v\" B='x y'", "ARG B=$A", "ARG B=${A}-slim", "ARG B=${NO:-n}", "ARG GIVEN=dflt", "ARG GIVEN", "ARG EMPTY", "ARG P=linux/amd64", "arg A=low", "ARG A=a\\ b", "ARG A=\\$B", "ARG A=x=y", "ARG A='$B'", "ARG A=a\"b\"c",
}

// Lines that are legal wherever they stand behind a FROM.
var good = []string{
	"FROM a", "FROM b AS one", "from c as Two", "FROM one", "FROM TWO AS three", "FROM scratch", "FROM --platform=linux/arm64 d", "FROM --platform=$P e AS f", "FROM a:1@sha256:0", "  FROM h/i:2", "FROM\ta", "FROM  a  AS  x",
	"FROM $A", "FROM ${A}", "FROM ${A:-dflt}", "FROM ${A:+alt}", "FROM ${A-dflt}", "FROM ${NO:-dflt}", "FROM ${NO:+alt}", "FROM ${NO}x", "FROM x$GIVEN", "FROM r/$A:${B}", "FROM ${A:-$B}", "FROM ${NO:-${B}}", "FROM \"a\"", "FROM 'a$A'", "FROM \"a$A\"", "FROM a\\$A", "FROM ${A#v}", "FROM $", "FROM a$1", "FROM ${EMPTY:-dflt}", "FROM ${EMPTY-dflt}", "FROM $GIVEN AS g",
	"ARG A=v1", "ARG A", "ARG A=", "ARG B=b A=a", "ARG A=\"q v\" B='x y'", "ARG B=$A", "ARG B=${A}-slim", "ARG B=${NO:-n}", "ARG GIVEN=dflt", "ARG GIVEN", "ARG EMPTY", "ARG P=linux/amd64", "arg A=low", "ARG A=a\\ b", "ARG A=\\$B", "ARG A=x=y", "ARG A='$B'", "ARG A=a\"b\"c",
	"RUN x", "ONBUILD RUN x", "RUN echo $((1<<2))", "RUN cat <<<EOF", "RUN [\"x\", \"<<EOF\"]", "CMD <<EOF", "RUN x<<EOF", "RUN echo \"a <<EOF b\"", "RUN echo 'it <<EOF'", "RUN cat \\<<EOF",
	"# comment", "  # comment", "#", "", "   ", "COPY --from=one /a /b", "COPY --from=0 a b", "COPY --from=img:1 a b", "COPY FROM a", "LABEL a=\"FROM b\"", "ENV A=inner", "HEALTHCHECK NONE", "SHELL [\"sh\", \"-c\"]", "MAINTAINER FROM x", "WORKDIR /FROM", "CMD it's", "LABEL x=<<EOF",
}

// Openings of a heredoc, and what may follow them before a line that ends it.
var opens = []string{
	"RUN cat <<EOF", "RUN <<-EOF", "RUN << EOF", "RUN <<\"EOF\" cat", "RUN cat <<'EOF'", "COPY <<EOF <<END /x", "ADD <<EOF /y", "ONBUILD RUN <<EOF", "RUN 3<<EOF", "RUN cat <<EOF > out", "RUN <<EOF <<-END", "copy <<EOF /z", "RUN cat <<- EOF", "RUN \\\n <<EOF",
	"RUN echo \"<<EOF\"", "RUN cat <<EOF>out", "RUN <<$A", "RUN cat <<E\"O\"F", "RUN echo it's <<EOF", "RUN echo \"x\"<<EOF", "RUN cat <<EOF;", "RUN echo a\\ <<EOF", "RUN <<E'O'F", "RUN echo 'a' <<EOF 'b'", "RUN echo \"a\\\" <<EOF\"",
}

var bodies = []string{"FROM hidden", "# no comment", "x \\", "", "\tEOF", " EOF", "END", "RUN <<OTHER", "it's"}

// Lines that are mostly wrong.
var bad = []string{"FROM a AS", "FROM a b c", "FROM", "ARG", "ARG =x", "ONBUILD FROM x", "EOF", "END", "\\", "`", "UNKNOWN x", "FROMx", "FROM ${", "FROM ${A", "FROM ${A:?no}", "FROM ${A/1/2}", "FROM ${A%1}", "FROM a\u00a0b"}

var curated = []string{
	"", "\n", "# nothing", "FROM a", "FROM a\n", "FROM a\r\nRUN x\r\nFROM b\r\n",
	"ARG VERSION=20\nFROM node:${VERSION}-slim AS build\nRUN npm ci\nFROM build AS test\nFROM scratch\nCOPY --from=build /x /x\n",
	"ARG A=1\nARG A=2\nFROM x:$A\nARG A=3\nFROM y:$A\n",
	"FROM a\nRUN <<EOF\nFROM b\nEOF\nFROM c\n", "FROM a\nCOPY <<A <<B /\nFROM x\nA\nFROM y\nB\nFROM c\n", "FROM a\nRUN <<EOF\nFROM b\n", "FROM a\nRUN <<-EOF\n\tFROM b\n\tEOF\nFROM c\n", "FROM a\nRUN <<EOF\r\nFROM b\r\nEOF\r\nFROM c\r\n",
	"FROM a\nRUN x \\\n# comment\n  y \\\n\n  FROM b\nFROM c\n", "FROM a\nRUN x \\\n  # comment \\\nFROM b\n", "FROM \\\n a \\\n AS b\nFROM c\n", "# escape=`\nFROM a\nRUN x `\nFROM b\nRUN dir C:\\\nFROM c\n", "FROM a\nRUN x \\\\\nFROM b\n", "FROM a\nRUN x \\",
	"FR\\\nOM a\n", "F\\\nROM a\nFROM b\n", "\\\nFROM a\n", " \\\n\nFROM a", "\n\n  FROM a\n", "FROM a # comment\n", "FROM a#b\n", "FROM --platform=linux/amd64 --other=x a\n", "FROM --platform=linux/amd64 -- a\n", "FROM --platform= a\n", "FROM --platform a\n", "FROM a --platform=x\n", "FROM --platform=\"linux/amd64\" a", "FROM a AS b AS c", "FROM a AS 1b", "FROM a as b.c-d_e", "FROM a As B",
	"ARG A=x y\nFROM $A", "ARG A=\"x y\" B=z\nFROM $B", "ARG 'A=x'\nFROM $A", "ARG A=x\\\n\nFROM $A\n", "ARG A = x\nFROM $A", "ARG A=$GIVEN\nFROM $A", "ARG GIVEN\nARG A=$GIVEN\nFROM $A", "ARG A=1 B=$A\nFROM b$B", "FROM $BUILDARCH", "FROM --platform=$BUILDPLATFORM a", "ARG TARGETARCH\nFROM a-$TARGETARCH",
	"FROM a\nONBUILD COPY <<EOF /\nFROM b\nEOF\nFROM c", "FROM a\nONBUILD CMD <<EOF\nFROM b\nEOF\nFROM c", "FROM a\nRUN [\"sh\", \"<<EOF\"]\nFROM b\nEOF\n", "FROM a\nRUN echo <<EOF <<EOF\n1\nEOF\n2\nEOF\nFROM b", "FROM a\nRUN <<E\\ F\nx\nE F\nFROM b", "FROM a\nRUN <<\"\"\nFROM b\n\nFROM c", "FROM a\nRUN cat <<EOF\\\n more\nFROM x\nEOF\nFROM b",
	"FROM a\n\tFROM b\n", "FROM a\vAS b", "FROM\fa", "FROM a\u00a0b", "\u00a0FROM a",
}
