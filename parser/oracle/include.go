package oracle

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"godwit/ir/source"
	"godwit/parser/scan"
)

// mostIncluded is how deep scripts may call each other (SQL*Plus User's Guide and Reference, "@ (at sign)").
const mostIncluded = 20

// calls tells that a piece calls another script.
func (j *job) calls() bool { return j.command == "@" || j.command == "START" }

// enter is the script that a piece calls, which is read in its place, decoded; nil if it is not read here. What is given behind its name
// are its variables 1, 2, ... Leave has to be called when it is read.
func (s *session) enter(j *job) *source.File {
	text := j.file.Text[j.first:j.end]
	name := includedFile(text)
	switch {
	case s.opts.Include == nil:
		j.unread = "files cannot be read here"
	case len(j.missing) > 0:
		j.unread = "the substitution variable " + strings.Join(j.missing, ", ") + " has no value"
	case len(s.reading) >= mostIncluded:
		j.unread = fmt.Sprintf("scripts call each other more than %d deep", mostIncluded)
	}
	if j.unread != "" {
		return nil
	}
	f, err := s.opts.Include(j.file.Name, name, strings.HasPrefix(text, "@@"))
	if err == nil && f != nil {
		f, err = scan.Decode(f, s.opts.Charset)
	}
	switch {
	case err != nil:
		j.unread = err.Error()
		return nil
	case f == nil:
		return nil
	case f.Name == j.file.Name || slices.Contains(s.reading, f.Name):
		j.unread = "it is being read already"
		return nil
	}
	for i, v := range includedWith(text) {
		s.define.values[strconv.Itoa(i+1)] = v
	}
	s.reading = append(s.reading, f.Name)
	return f
}

// leave ends the script that was entered last.
func (s *session) leave() { s.reading = s.reading[:len(s.reading)-1] }

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

// includedFile is the name of the script that @ or START calls.
func includedFile(text string) string {
	if w := includedWords(text); len(w) > 0 {
		return w[0]
	}
	return "without a name"
}

// includedWith is what is given to the script.
func includedWith(text string) []string {
	if w := includedWords(text); len(w) > 0 {
		return w[1:]
	}
	return nil
}
