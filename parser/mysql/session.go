package mysql

import (
	"strings"

	"godwit/ir/dialect"
	"godwit/parser/scan"
)

// session follows what a script sets for the statements behind it: sql_mode above all, which changes how they are read,
// the default schema, and other settings that change meaning.
type session struct {
	opts     scan.Options
	settings dialect.Settings // never changed in place: units share it
	vars     map[string]string
	schema   string
	dumped   string // see snapshot
	begun    bool
	includes scan.Includes
	mode     Mode
	initial  string // sql_mode at the start
	// unknown is the text of a value of sql_mode that could not be told, "" if none since the last call of observe.
	unknown string
	lexer   lexer
	words   []wordInfo
	src     string // text that the tokens of observe point into
}

// dumpedDatabase is the database that a dump is of, by the comment at its head; "" if there is none. A dump of one database does not say
// USE, but the server qualifies functions of views and sequences of defaults all the same.
func dumpedDatabase(head string) string {
	_, rest, ok := strings.Cut(head[:min(len(head), 4096)], "-- Host: ")
	if !ok {
		return ""
	}
	line, _, _ := strings.Cut(rest, "\n")
	if _, name, ok := strings.Cut(line, "Database: "); ok {
		return strings.TrimSpace(name)
	}
	return ""
}

func (s *session) text(t *scan.Token) string { return s.src[t.Start:t.End] }

const sqlMode = "sql-mode"

func newSession(o scan.Options) *session {
	s := &session{opts: o, settings: o.Settings.Clone(), vars: map[string]string{}, schema: o.Schema}
	if _, ok := s.settings[sqlMode]; !ok {
		s.settings[sqlMode] = defaultMode(o.Dialect)
	}
	s.initial = s.settings[sqlMode]
	s.mode = ParseMode(s.initial)
	return s
}

func (s *session) assign(name, value string) {
	name = dialect.NormalizeSetting(name)
	s.settings = s.settings.Clone()
	s.settings[name] = value
	if name == sqlMode {
		s.settings[name] = strings.Join(expandMode(value), ",")
		s.mode = ParseMode(value)
	}
}

// matters tells cheaply whether a piece may change the session.
func matters(text string) bool {
	for text != "" {
		switch {
		case isSpace(text[0]):
			text = text[1:]
		case isComment(text):
			n, _ := skipComment(text)
			text = text[n:]
		default:
			if n, run := execPrefix(text, false, 999999); n > 0 && run {
				text = text[n:]
				continue
			}
			return len(text) > 4 && (strings.EqualFold(text[:3], "set") || strings.EqualFold(text[:3], "use")) && !isIdentPart(text[3])
		}
	}
	return false
}

// observe carries out SET and USE.
func (s *session) observe(ts *scan.Tokens) {
	s.unknown = ""
	s.src, s.words = ts.File.Text, theWords().list
	t := ts.List
	switch t[0].Kind {
	case kUse:
		if len(t) > 1 && t[1].Kind != kEOF {
			s.schema, s.dumped = unquoteName(s.text(&t[1])), ""
		}
	case kSet:
		s.items(t[1:])
	case kSetSoup:
		s.names(t[1:])
	}
}

// names carries out SET NAMES and SET CHARACTER SET.
func (s *session) names(t []scan.Token) {
	if len(t) < 2 || s.words[t[0].Word].mark != wNames && t[0].Kind != kCharset {
		return
	}
	s.assign("character_set_connection", strings.ToLower(plainText(&t[1], s.src)))
	if len(t) > 3 && t[2].Kind == kCollate {
		s.assign("collation_connection", strings.ToLower(plainText(&t[3], s.src)))
	}
}

// items carries out a list of assignments.
func (s *session) items(t []scan.Token) {
	for len(t) > 0 {
		end, depth := 0, 0
	scan:
		for end < len(t) {
			switch t[end].Kind {
			case kLP:
				depth++
			case kRP:
				depth--
			case kComma:
				if depth == 0 {
					break scan
				}
			case kSemi, kEOF:
				break scan
			}
			end++
		}
		s.item(t[:end])
		if end >= len(t) || t[end].Kind != kComma {
			return
		}
		t = t[end+1:]
	}
}

func (s *session) item(t []scan.Token) {
	if len(t) > 0 && t[0].Kind == kScope {
		if !strings.EqualFold(s.text(&t[0]), "session") && !strings.EqualFold(s.text(&t[0]), "local") {
			return
		}
		t = t[1:]
	}
	if len(t) < 3 || t[1].Kind != kEq && t[1].Kind != kAssign {
		return
	}
	name, value := t[0], t[2:]
	v, ok := s.value(value, s.text(&name))
	switch name.Kind {
	case kUserVar:
		if ok {
			s.vars[userVarName(s.text(&name))] = v
		} else {
			delete(s.vars, userVarName(s.text(&name)))
		}
		return
	case kSysVar:
		scope, n := sysVarName(s.text(&name))
		if scope == "global" {
			return
		}
		s.set(n, v, ok, value)
	case kIdent, kQIdent:
		s.set(unquoteName(s.text(&name)), v, ok, value)
	}
}

func (s *session) set(name, v string, ok bool, value []scan.Token) {
	if !ok && len(value) == 1 && value[0].Kind == kDefault {
		s.reset(dialect.NormalizeSetting(name))
		return
	}
	if ok {
		s.assign(name, v)
		return
	}
	if dialect.NormalizeSetting(name) == sqlMode {
		var w []string
		for i := range value {
			w = append(w, s.text(&value[i]))
		}
		s.unknown = strings.Join(w, " ")
	}
}

// reset gives a setting back the value that it had at the start.
func (s *session) reset(name string) {
	s.settings = s.settings.Clone()
	if v, ok := s.opts.Settings[name]; ok {
		s.settings[name] = v
	} else {
		delete(s.settings, name)
	}
}

// value is the constant value of an expression of SET, if it can be told.
func (s *session) value(t []scan.Token, name string) (string, bool) {
	if len(t) == 0 {
		return "", false
	}
	if len(t) > 1 {
		return s.call(t, name)
	}
	switch x := &t[0]; x.Kind {
	case kUserVar:
		v, ok := s.vars[userVarName(s.text(x))]
		return v, ok
	case kSysVar:
		_, n := sysVarName(s.text(x))
		v, ok := s.settings[dialect.NormalizeSetting(n)]
		return v, ok
	case kDefault:
		if strings.Contains(strings.ToLower(name), "sql_mode") {
			return s.initial, true
		}
		return "", false
	default:
		return plainText(x, s.src), true
	}
}

// call computes CONCAT(...) and REPLACE(...), with which scripts add and remove modes.
func (s *session) call(t []scan.Token, name string) (string, bool) {
	if t[1].Kind != kLP || t[len(t)-1].Kind != kRP {
		return "", false
	}
	var args []string
	for _, a := range splitArgs(t[2 : len(t)-1]) {
		v, ok := s.value(a, name)
		if !ok {
			return "", false
		}
		args = append(args, v)
	}
	v, ok := computed(strings.ToUpper(s.text(&t[0])), args)
	return v, ok && len(v) <= maxSetting
}

// maxSetting is the length up to which the texts of variables are followed: a script that doubles one thirty times would
// need gigabytes, and no setting is near it.
const maxSetting = 64 << 10

func computed(function string, args []string) (string, bool) {
	switch function {
	case "IFNULL":
		if len(args) == 2 {
			return args[0], true
		}
	case "CONCAT":
		return strings.Join(args, ""), true
	case "CONCAT_WS":
		if len(args) > 0 {
			return strings.Join(args[1:], args[0]), true
		}
	case "REPLACE":
		if len(args) == 3 && args[1] != "" && len(args[0])+strings.Count(args[0], args[1])*len(args[2]) <= maxSetting {
			return strings.ReplaceAll(args[0], args[1], args[2]), true
		}
	}
	return "", false
}

func splitArgs(t []scan.Token) [][]scan.Token {
	var out [][]scan.Token
	from, depth := 0, 0
	for i := range t {
		switch t[i].Kind {
		case kLP:
			depth++
		case kRP:
			depth--
		case kComma:
			if depth == 0 {
				out = append(out, t[from:i])
				from = i + 1
			}
		}
	}
	return append(out, t[from:])
}

// plainText is the value of a literal or word.
func plainText(t *scan.Token, src string) string {
	text := src[t.Start:t.End]
	switch t.Kind {
	case kString:
		return decodeString(text, Mode{})
	case kQIdent:
		return unquoteName(text)
	}
	return text
}
