package oracle

import (
	"strings"

	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// snapshot is the part of a session that the units of one piece see.
type snapshot struct {
	settings dialect.Settings
	schema   string
}

// job is one piece with what it needs to be parsed on its own.
type job struct {
	file *source.File
	piece
	snapshot
	missing []string // substitution variables without a value
	open    []string // the same within texts
	again   bool     // the piece repeats the one before
	exited  bool     // EXIT stands somewhere before
	cursor  bool     // it uses a bind variable that is a REFCURSOR
	unread  string   // why the script that it calls is not read
}

// session follows what a script sets for the statements behind it: substitution variables, and settings that change meaning.
type session struct {
	opts     scan.Options
	settings dialect.Settings // never changed in place: units share it
	schema   string
	define   substitution
	binds    map[string]string // the types of bind variables by name
	exited   bool
	buffer   *job // the last statement, which "/" runs again
	lexer    lexer
	includes scan.Includes
}

func newSession(o scan.Options) *session {
	s := &session{opts: o, settings: o.Settings.Clone(), schema: o.Schema}
	s.define = substitution{prefix: '&', concat: '.', values: map[string]string{}}
	for k, v := range o.Settings {
		if name, ok := strings.CutPrefix(k, definePrefix); ok {
			s.define.values[strings.ToUpper(name)] = v
		}
	}
	if v := s.settings["define"]; strings.EqualFold(v, "off") {
		s.define.off = true
	}
	return s
}

func (s *session) assign(name, value string) {
	s.settings = s.settings.Clone()
	s.settings[dialect.NormalizeSetting(name)] = value
}

// job notes the state before the piece, and carries out what changes it for those behind. ok is false for pieces that mean nothing to
// a schema.
func (s *session) job(f *source.File, p piece) (j job, ok bool) {
	j = job{file: f, piece: p, snapshot: snapshot{settings: s.settings, schema: s.schema}, exited: s.exited}
	if !s.opts.Statement {
		s.replace(&j)
	}
	if p.command == "" || p.command == "EXECUTE" {
		text := j.file.Text[j.first:j.end]
		out, cursor := s.bound(text)
		j.cursor = cursor
		if out != text {
			j.retext(out)
		}
	}
	if p.command != "" {
		return s.command(j)
	}
	s.observe(&j)
	s.exited = false
	last := j
	s.buffer = &last
	return j, true
}

// replace carries out the substitution in a piece.
func (s *session) replace(j *job) {
	if s.define.off || j.command == "REMARK" || j.command == "PROMPT" {
		return
	}
	text := j.file.Text[j.first:j.end]
	out, missing, open := s.define.substitute(text)
	j.missing, j.open = missing, open
	if out != text {
		j.retext(out)
	}
}

// retext gives a piece another text.
func (j *job) retext(out string) {
	lead := j.first - j.start // comments stay as they are
	j.file = derived(j.file, j.start, j.end, j.file.Text[j.start:j.first]+out+tail(&j.piece, j.file.Text))
	j.next, j.tailStart, j.tailEnd = 0, moved(j.tailStart, len(out)+lead-j.end), moved(j.tailEnd, len(out)+lead-j.end)
	j.start, j.first, j.end = 0, lead, lead+len(out)
}

// tail is the text behind a piece up to the end of its last comment.
func tail(p *piece, s string) string {
	if p.tailEnd == 0 {
		return ""
	}
	return s[p.end:p.tailEnd]
}

func moved(at, by int) int {
	if at == 0 {
		return 0
	}
	return at + by
}

// command carries out a command of SQL*Plus. ok is false for those that make no unit.
func (s *session) command(j job) (job, bool) {
	text := j.file.Text[j.first:j.end]
	switch j.command {
	case "SET":
		s.define.option(strings.Fields(argument(text)))
		return j, false
	case "DEFINE":
		if len(j.missing)+len(j.open) > 0 {
			name, _, _ := strings.Cut(argument(text), "=")
			s.define.undefine([]string{strings.TrimSpace(name)})
			return j, false
		}
		s.define.define(argument(text))
		return j, false
	case "UNDEFINE":
		s.define.undefine(strings.Fields(argument(text)))
		return j, false
	case "EXIT", "QUIT":
		s.exited = true
		return j, false
	case "/", "RUN":
		return s.repeat(j)
	case "VARIABLE":
		return s.variable(j)
	case "PRINT":
		return s.print(j)
	case "CONNECT":
		if name := userOf(argument(text)); name != "" {
			s.schema = name
		}
		return j, true
	case "EXECUTE", "@", "START", "GET", "HOST", "!", "$", "#", "LOAD", "ACCEPT", "COPY", "RECOVER", "STARTUP", "SHUTDOWN", "ARCHIVE", "PASSWORD", "XQUERY", "DISCONNECT":
		return j, true
	}
	return j, false // commands about output and the client itself
}

// repeat runs the statement before again. Definitions are not: on the source they fail, or change nothing.
func (s *session) repeat(j job) (job, bool) {
	if s.buffer == nil {
		return j, false
	}
	w := words{s: s.buffer.file.Text[:s.buffer.end], i: s.buffer.first, eof: true}
	switch w.next() {
	case "INSERT", "UPDATE", "DELETE", "MERGE", "SELECT", "WITH", "CALL", "BEGIN", "DECLARE":
		again := *s.buffer
		again.again, again.lead, again.trail = true, nil, nil
		again.start, again.tailEnd = again.first, 0
		return again, true
	}
	return j, false
}

// userOf is the name of the user of CONNECT, "" if it is not told.
func userOf(arg string) string {
	arg = strings.TrimSpace(arg)
	if i := strings.IndexAny(arg, "/@ \t"); i >= 0 {
		arg = arg[:i]
	}
	if arg == "" || strings.ContainsAny(arg, "&[]") {
		return ""
	}
	if strings.HasPrefix(arg, `"`) {
		return strings.Trim(arg, `"`)
	}
	return strings.ToUpper(arg)
}

// observe carries out ALTER SESSION SET.
func (s *session) observe(j *job) {
	w := words{s: j.file.Text[:j.end], i: j.first, eof: true}
	if c := w.s[j.first] | 0x20; c != 'a' || w.next() != "ALTER" || w.next() != "SESSION" || w.next() != "SET" {
		return
	}
	ts := s.lexer.lex(j.file, w.i, j.end).List
	for i := 0; i+2 < len(ts); i++ {
		if ts[i+1].Kind != kEq {
			continue
		}
		name, value := w.s[ts[i].Start:ts[i].End], w.s[ts[i+2].Start:ts[i+2].End]
		v := value
		switch ts[i+2].Kind {
		case kString:
			v = decodeString(value)
		case kQIdent:
			v = strings.Trim(value, `"`)
		default:
			v = strings.ToUpper(value)
		}
		if strings.EqualFold(name, "current_schema") {
			s.schema = v
			continue
		}
		s.assign(name, v)
		if strings.EqualFold(name, "nls_territory") && strings.EqualFold(v, "america") { // it brings its formats along
			for k, format := range sessionDefaults {
				s.assign(k, format)
			}
		}
	}
}
