package oracle

import (
	"path"
	"strconv"
	"strings"

	"godwit/ir/source"
	"godwit/parser/scan"
)

// calls tells that a piece calls another script.
func (j *job) calls() bool { return j.command == "@" || j.command == "START" }

// enter is the script that a piece calls, which is read in its place; nil if it is not read here. What is given behind its name are its
// variables 1, 2, ... The session's Leave has to be called when it is read.
func (s *session) enter(j *job) *source.File {
	if len(j.missing) > 0 {
		j.unread = "the substitution variable " + strings.Join(j.missing, ", ") + " has no value"
		return nil
	}
	text := j.file.Text[j.first:j.end]
	name := includedFile(text)
	if name == "" {
		j.unread = scan.NoName
		return nil
	}
	if path.Ext(name) == "" {
		name += ".sql"
	}
	f, why := s.includes.Enter(s.opts, j.file.Name, name, strings.HasPrefix(text, "@@"))
	if j.unread = why; f == nil {
		return nil
	}
	for i, v := range includedWith(text) {
		s.define.values[strconv.Itoa(i+1)] = v
	}
	return f
}

// includedWords are the name of the script that @ or START calls, and what is given to it.
func includedWords(text string) []string {
	t := strings.TrimLeft(text, "@")
	if len(t) == len(text) {
		t = argument(t)
	}
	t = strings.TrimRight(strings.TrimSpace(t), ";")
	var out []string
	for t = strings.TrimSpace(t); t != ""; t = strings.TrimSpace(t) {
		if q := t[0]; q == '"' || q == '\'' {
			if i := strings.IndexByte(t[1:], q); i >= 0 {
				out = append(out, t[1:i+1])
				t = t[i+2:]
				continue
			}
		}
		i := strings.IndexAny(t, " \t\r\n")
		if i < 0 {
			i = len(t)
		}
		out = append(out, t[:i])
		t = t[i:]
	}
	return out
}

// includedFile is the name of the script that @ or START calls, "" if there is none.
func includedFile(text string) string {
	if w := includedWords(text); len(w) > 0 {
		return w[0]
	}
	return ""
}

// includedWith is what is given to the script.
func includedWith(text string) []string {
	if w := includedWords(text); len(w) > 0 {
		return w[1:]
	}
	return nil
}
