package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// calls tells that a piece calls another script: SOURCE, or \\. for short.
func (j *job) calls() bool { return j.client == "source" }

// called is the script that a piece calls, which is read in its place; nil if it is not read here. Leave has to be called when it is read,
// with what the session knew of the database of the dump that calls it.
func (s *session) called(j *job) (f *source.File, dumped string) {
	if !j.calls() {
		return nil, ""
	}
	if j.script() == "" {
		j.unread = scan.NoName
		return nil, ""
	}
	if f, j.unread = s.includes.Enter(s.opts, j.file.Name, j.script(), false); f != nil {
		s.begun = false // it may be the dump of another database
	}
	return f, s.dumped
}

// leave ends the script that was entered last; the session stays as it has left it.
func (s *session) leave(dumped string) {
	s.includes.Leave()
	s.begun, s.dumped = true, dumped
}

// script is the name of the script that a piece calls: the rest of its line, less the delimiter.
func (j *job) script() string {
	_, name, _ := strings.Cut(strings.ReplaceAll(j.file.Text[j.start:j.end], "\t", " "), " ")
	return strings.TrimRight(strings.TrimSpace(name), "; ")
}

// sourced is the unit of a script that is called and not read in its place.
func (j *job) sourced(u *ir.Unit) *ir.Unit {
	what := scan.Called(j.script())
	if j.unread != "" {
		return refused(u, codeNotRead, what, what+" is called here and cannot be read: "+j.unread)
	}
	return refused(u, codeCalled, what, what+" is called here")
}
