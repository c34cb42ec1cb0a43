package oracle

import (
	"strings"
)

// commands are the commands of SQL*Plus with the length of their shortest form (SQL*Plus User's Guide, SQL*Plus Command Reference), and LOAD
// of SQLcl.
var commands = []struct {
	name  string
	least int
}{
	{"ACCEPT", 3}, {"ARCHIVE", 7}, {"ATTRIBUTE", 4}, {"BREAK", 3}, {"BTITLE", 3}, {"CLEAR", 2}, {"COLUMN", 3}, {"COMPUTE", 4}, {"CONNECT", 4}, {"COPY", 4}, {"DEFINE", 3},
	{"DESCRIBE", 4}, {"DISCONNECT", 4}, {"EDIT", 2}, {"EXECUTE", 4}, {"EXIT", 4}, {"GET", 3}, {"HELP", 4}, {"HOST", 2}, {"LIST", 4}, {"LOAD", 4}, {"PASSWORD", 5}, {"PAUSE", 3}, {"PRINT", 3},
	{"PROMPT", 3}, {"QUIT", 4}, {"RECOVER", 7}, {"REMARK", 3}, {"REPFOOTER", 4}, {"REPHEADER", 4}, {"RUN", 1}, {"SAVE", 3}, {"SHOW", 3}, {"SHUTDOWN", 8}, {"SPOOL", 3},
	{"START", 3}, {"STARTUP", 7}, {"STORE", 5}, {"TIMING", 4}, {"TTITLE", 3}, {"UNDEFINE", 5}, {"VARIABLE", 3}, {"WHENEVER", 8}, {"XQUERY", 6},
}

// commandName is the full name of the command of SQL*Plus that a first word begins, "" if it begins none.
func commandName(first string, w *words) string {
	if first == "SET" {
		switch w.next() {
		case "TRANSACTION", "CONSTRAINT", "CONSTRAINTS", "ROLE":
			return ""
		}
		return "SET"
	}
	if first == "" || first[0] < 'A' || first[0] > 'Z' {
		return ""
	}
	for _, c := range commands {
		if len(first) >= c.least && len(first) <= len(c.name) && c.name[:len(first)] == first {
			return c.name
		}
	}
	return ""
}

// commandPiece takes the line of a command, and those that continue it.
func (sp *splitter) commandPiece(s string, start int, name string, eof bool) (p piece, ok, more bool) {
	i := start
	for {
		nl := strings.IndexByte(s[i:], '\n')
		if nl < 0 {
			if !eof {
				return p, false, true
			}
			i = len(s)
			break
		}
		i += nl + 1
		if !continued(name, s[start:i]) {
			break
		}
	}
	return piece{start: start, first: start, end: trimEnd(s, start, i), next: i, command: name}, true, false
}

// continued tells that a command goes on in the next line: it ends with a dash. Lines of dashes are for show.
func continued(name, text string) bool {
	t := strings.TrimRight(text, " \t\r\n")
	if !strings.HasSuffix(t, "-") || strings.HasSuffix(t, "--") {
		return false
	}
	switch name {
	case "REMARK", "PROMPT", "@", "!", "/":
		return false
	}
	return true
}

// argument is what stands behind the first word of a command, without the dashes that continue it and without its delimiter.
func argument(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l = strings.TrimRight(l, " \t\r"); i < len(lines)-1 {
			l = strings.TrimSuffix(l, "-")
		}
		lines[i] = l
	}
	t := strings.TrimSpace(strings.Join(lines, " "))
	i := 0
	for i < len(t) && isIdentPart(t[i]) {
		i++
	}
	return strings.TrimSpace(strings.TrimRight(t[i:], "; \t"))
}
