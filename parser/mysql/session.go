package mysql

import (
	"strings"

	"github.com/antlr4-go/antlr/v4"

	"godwit/ir/dialect"
	g "godwit/parser/mysql/internal/gram"
	"godwit/parser/scan"
)

// session follows what a script sets for the statements behind it: sql_mode above all, which changes how they are read,
// the default schema, and other settings that change meaning.
type session struct {
	opts     scan.Options
	settings dialect.Settings // never changed in place: units share it
	vars     map[string]string
	schema   string
	mode     Mode
	initial  string // sql_mode at the start
	// unknown is the text of a value of sql_mode that could not be told, "" if none since the last call of observe.
	unknown string
}

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
	t := ts.List
	switch t[0].Type {
	case g.MySQLParserUSE:
		if len(t) > 1 && t[1].Type != antlr.TokenEOF {
			s.schema = unquoteName(t[1].Text)
		}
	case g.MySQLParserSET:
		s.items(t[1:])
	case g.MySQLParserSET_SOUP:
		s.names(t[1:])
	}
}

// names carries out SET NAMES and SET CHARACTER SET.
func (s *session) names(t []scan.Token) {
	if len(t) < 2 || t[0].Word != wNames && t[0].Type != g.MySQLParserCHARSET {
		return
	}
	s.assign("character_set_connection", strings.ToLower(plainText(&t[1])))
	if len(t) > 3 && t[2].Type == g.MySQLParserCOLLATE {
		s.assign("collation_connection", strings.ToLower(plainText(&t[3])))
	}
}

// items carries out a list of assignments.
func (s *session) items(t []scan.Token) {
	for len(t) > 0 {
		end, depth := 0, 0
	scan:
		for end < len(t) {
			switch t[end].Type {
			case g.MySQLParserLP:
				depth++
			case g.MySQLParserRP:
				depth--
			case g.MySQLParserCOMMA:
				if depth == 0 {
					break scan
				}
			case g.MySQLParserSEMI, antlr.TokenEOF:
				break scan
			}
			end++
		}
		s.item(t[:end])
		if end >= len(t) || t[end].Type != g.MySQLParserCOMMA {
			return
		}
		t = t[end+1:]
	}
}

func (s *session) item(t []scan.Token) {
	if len(t) > 0 && t[0].Type == g.MySQLParserSCOPE {
		if !strings.EqualFold(t[0].Text, "session") && !strings.EqualFold(t[0].Text, "local") {
			return
		}
		t = t[1:]
	}
	if len(t) < 3 || t[1].Type != g.MySQLParserEQ && t[1].Type != g.MySQLParserASSIGN {
		return
	}
	name, value := t[0], t[2:]
	v, ok := s.value(value, name.Text)
	switch name.Type {
	case g.MySQLParserUSERVAR:
		if ok {
			s.vars[userVarName(name.Text)] = v
		} else {
			delete(s.vars, userVarName(name.Text))
		}
		return
	case g.MySQLParserSYSVAR:
		scope, n := sysVarName(name.Text)
		if scope == "global" {
			return
		}
		s.set(n, v, ok, value)
	case g.MySQLParserIDENT, g.MySQLParserQIDENT:
		s.set(unquoteName(name.Text), v, ok, value)
	}
}

func (s *session) set(name, v string, ok bool, value []scan.Token) {
	if !ok && len(value) == 1 && value[0].Type == g.MySQLParserDEFAULT {
		s.reset(dialect.NormalizeSetting(name))
		return
	}
	if ok {
		s.assign(name, v)
		return
	}
	if dialect.NormalizeSetting(name) == sqlMode {
		var w []string
		for _, t := range value {
			w = append(w, t.Text)
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
	switch x := &t[0]; x.Type {
	case g.MySQLParserUSERVAR:
		v, ok := s.vars[userVarName(x.Text)]
		return v, ok
	case g.MySQLParserSYSVAR:
		_, n := sysVarName(x.Text)
		v, ok := s.settings[dialect.NormalizeSetting(n)]
		return v, ok
	case g.MySQLParserDEFAULT:
		if strings.Contains(strings.ToLower(name), "sql_mode") {
			return s.initial, true
		}
		return "", false
	default:
		return plainText(x), true
	}
}

// call computes CONCAT(...) and REPLACE(...), with which scripts add and remove modes.
func (s *session) call(t []scan.Token, name string) (string, bool) {
	if t[1].Type != g.MySQLParserLP || t[len(t)-1].Type != g.MySQLParserRP {
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
	switch strings.ToUpper(t[0].Text) {
	case "CONCAT":
		return strings.Join(args, ""), true
	case "CONCAT_WS":
		if len(args) > 0 {
			return strings.Join(args[1:], args[0]), true
		}
	case "REPLACE":
		if len(args) == 3 && args[1] != "" {
			return strings.ReplaceAll(args[0], args[1], args[2]), true
		}
	}
	return "", false
}

func splitArgs(t []scan.Token) [][]scan.Token {
	var out [][]scan.Token
	from, depth := 0, 0
	for i := range t {
		switch t[i].Type {
		case g.MySQLParserLP:
			depth++
		case g.MySQLParserRP:
			depth--
		case g.MySQLParserCOMMA:
			if depth == 0 {
				out = append(out, t[from:i])
				from = i + 1
			}
		}
	}
	return append(out, t[from:])
}

// plainText is the value of a literal or word.
func plainText(t *scan.Token) string {
	switch t.Type {
	case g.MySQLParserSTRING:
		return decodeString(t.Text, Mode{})
	case g.MySQLParserQIDENT:
		return unquoteName(t.Text)
	}
	return t.Text
}
