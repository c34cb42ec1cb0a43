package mysql

import "strings"

// verdict is what a statement in the log means to a reader of row changes.
type verdict int

const (
	verdictIgnore verdict = iota // changes neither rows nor tables
	verdictBegin
	verdictCommit
	verdictRollback
	verdictRollbackTo
	verdictXA
	verdictTruncate
	verdictDDL
	verdictDrop
	verdictCreate   // makes a table that was not there
	verdictCreateIf // makes a table unless it is there
	verdictRename
	verdictTemporary // makes a table of one session
	verdictRows      // changes rows as a statement
	verdictUnknown
)

// tableName is a table named in a statement; schema is "" when it is not written, name is "" for a whole schema.
type tableName struct{ schema, name string }

// renaming tells that the rows of one table are found under another name afterwards; several take place in order.
type renaming struct{ from, to tableName }

// classify lexes a statement of the log. Only its head is looked at, and what an ALTER TABLE moves; but comments, versioned
// comments and quoting are followed exactly: a prefix test would miss "/* app */ TRUNCATE t".
func classify(sql string, under ranUnder) (verdict, []tableName, []renaming) {
	l := &lexer{s: sql, under: under}
	v, names := l.statement()
	return v, names, l.renamings
}

func (l *lexer) statement() (verdict, []tableName) {
	switch w := l.word(); w {
	case "":
		if l.end() {
			return verdictIgnore, nil
		}
		return verdictUnknown, nil
	case "BEGIN":
		return verdictBegin, nil
	case "COMMIT":
		return verdictCommit, nil
	case "ROLLBACK":
		if l.accept("TO") || l.accept("WORK") && l.accept("TO") {
			return verdictRollbackTo, nil
		}
		return verdictRollback, nil
	case "XA":
		return verdictXA, nil
	case "START":
		if l.accept("TRANSACTION") {
			return verdictBegin, nil
		}
		return verdictIgnore, nil
	case "TRUNCATE":
		l.accept("TABLE")
		return verdictTruncate, l.names(1)
	case "CREATE":
		return l.create()
	case "ALTER":
		return l.alter()
	case "DROP":
		return l.drop()
	case "RENAME":
		if l.accept("TABLE") || l.accept("TABLES") {
			return verdictRename, l.renamed()
		}
		return verdictIgnore, nil
	default:
		return byVerb(w), nil
	}
}

func byVerb(w string) verdict {
	switch w {
	case "INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "MERGE", "CALL", "WITH", "SELECT", "DO", "HANDLER", "VALUES", "EXECUTE", "IMPORT":
		return verdictRows
	case "SAVEPOINT", "RELEASE", "SET", "GRANT", "REVOKE", "FLUSH", "ANALYZE", "OPTIMIZE", "REPAIR", "CHECK", "CHECKSUM", "KILL",
		"PURGE", "RESET", "INSTALL", "UNINSTALL", "LOCK", "UNLOCK", "USE", "SHOW", "CHANGE", "STOP", "CACHE", "CLONE", "BINLOG":
		return verdictIgnore
	}
	return verdictUnknown
}

func (l *lexer) create() (verdict, []tableName) {
	l.acceptAll("OR", "REPLACE")
	if l.accept("TEMPORARY") {
		if !l.accept("TABLE") { // a temporary sequence
			return verdictIgnore, nil
		}
		l.acceptAll("IF", "NOT", "EXISTS")
		return verdictTemporary, l.names(1)
	}
	if l.accept("TABLE") {
		if l.acceptAll("IF", "NOT", "EXISTS") {
			return verdictCreateIf, l.names(1)
		}
		return verdictCreate, l.names(1)
	}
	return l.index()
}

// index is the rest of CREATE and DROP INDEX: what stands before ON does not matter.
func (l *lexer) index() (verdict, []tableName) {
	l.accept("ONLINE")
	l.accept("OFFLINE")
	for l.accept("UNIQUE") || l.accept("FULLTEXT") || l.accept("SPATIAL") || l.accept("VECTOR") {
	}
	if !l.accept("INDEX") {
		return verdictIgnore, nil
	}
	for !l.end() {
		if l.accept("ON") {
			return verdictDDL, l.names(1)
		}
		l.skip()
	}
	return verdictUnknown, nil
}

func (l *lexer) alter() (verdict, []tableName) {
	l.accept("ONLINE")
	l.accept("OFFLINE")
	l.accept("IGNORE")
	if !l.accept("TABLE") {
		return verdictIgnore, nil
	}
	l.acceptAll("IF", "EXISTS")
	return l.altered()
}

// altered reads behind ALTER TABLE: the table, and the tables that it gets a name from or exchanges rows with.
func (l *lexer) altered() (verdict, []tableName) {
	v, names := verdictDDL, l.names(1)
	this := names
	also := func() []tableName {
		other := l.names(1)
		v, names = verdictRename, append(names[:len(names):len(names)], other...)
		return other
	}
	for depth := 0; !l.end(); {
		switch {
		case l.punct('('):
			depth++
		case l.punct(')'):
			depth--
		case depth > 0:
			l.skip()
		case l.accept("RENAME"):
			if l.accept("COLUMN") || l.accept("INDEX") || l.accept("KEY") {
				continue
			}
			if !l.accept("TO") && !l.accept("AS") {
				l.punct('=')
			}
			l.moves(this, also())
		case l.acceptAll("EXCHANGE", "PARTITION"):
			l.skip()
			if l.acceptAll("WITH", "TABLE") {
				other, aside := also(), []tableName{{}}
				l.moves(this, aside)
				l.moves(other, this)
				l.moves(aside, other)
			}
		case l.acceptAll("CONVERT", "PARTITION"):
			l.skip()
			if l.acceptAll("TO", "TABLE") {
				l.moves(this, also())
			}
		case l.acceptAll("CONVERT", "TABLE"):
			l.moves(also(), this)
		default:
			l.skip()
		}
	}
	return v, names
}

func (l *lexer) drop() (verdict, []tableName) {
	if l.accept("TEMPORARY") {
		return verdictIgnore, nil
	}
	switch {
	case l.accept("TABLE"), l.accept("TABLES"):
		l.acceptAll("IF", "EXISTS")
		return verdictDrop, l.names(1 << 30)
	case l.accept("DATABASE"), l.accept("SCHEMA"):
		l.acceptAll("IF", "EXISTS")
		n, _ := l.name()
		return verdictDrop, []tableName{{schema: n}}
	}
	return l.index()
}

// renamed lists both sides of each renaming.
func (l *lexer) renamed() []tableName {
	l.acceptAll("IF", "EXISTS")
	var out []tableName
	for {
		from := l.names(1)
		out = append(out, from...)
		if l.accept("WAIT") {
			l.word()
		}
		l.accept("NOWAIT")
		if !l.accept("TO") {
			return out
		}
		to := l.names(1)
		out = append(out, to...)
		l.moves(from, to)
		if !l.punct(',') {
			return out
		}
	}
}

// names reads up to limit table names separated by commas.
func (l *lexer) names(limit int) []tableName {
	var out []tableName
	for len(out) < limit {
		n, ok := l.name()
		if !ok {
			return out
		}
		t := tableName{name: n}
		if l.punct('.') {
			t.schema = n
			t.name, _ = l.name()
		}
		out = append(out, t)
		if len(out) < limit && !l.punct(',') {
			break
		}
	}
	return out
}

// lexer cuts a statement into words, names and other characters.
type lexer struct {
	s         string
	pos       int
	under     ranUnder
	renamings []renaming
}

// moves takes note that rows go from one table to another.
func (l *lexer) moves(from, to []tableName) {
	if len(from) == 1 && len(to) == 1 {
		l.renamings = append(l.renamings, renaming{from[0], to[0]})
	}
}

// blank skips white space and comments; the text of a versioned comment is part of the statement.
func (l *lexer) blank() {
	for l.pos < len(l.s) {
		r := l.s[l.pos:]
		switch {
		case strings.IndexByte(" \t\r\n\f\v;", r[0]) >= 0:
			l.pos++
		case r[0] == '#', strings.HasPrefix(r, "-- "), strings.HasPrefix(r, "--\n"), strings.HasPrefix(r, "--\t"):
			l.to("\n")
		case strings.HasPrefix(r, "/*!"), strings.HasPrefix(r, "/*M!"):
			l.pos += strings.IndexByte(r, '!') + 1
			for l.pos < len(l.s) && l.s[l.pos] >= '0' && l.s[l.pos] <= '9' {
				l.pos++
			}
		case strings.HasPrefix(r, "/*"):
			l.pos += 2
			l.to("*/")
		case strings.HasPrefix(r, "*/"):
			l.pos += 2
		default:
			return
		}
	}
}

func (l *lexer) to(mark string) {
	i := strings.Index(l.s[l.pos:], mark)
	if i < 0 {
		l.pos = len(l.s)
		return
	}
	l.pos += i + len(mark)
}

func (l *lexer) end() bool {
	l.blank()
	return l.pos >= len(l.s)
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// word reads an unquoted word in upper case, "" if there is none.
func (l *lexer) word() string {
	l.blank()
	start := l.pos
	for l.pos < len(l.s) && wordByte(l.s[l.pos]) {
		l.pos++
	}
	return strings.ToUpper(l.s[start:l.pos])
}

func (l *lexer) accept(w string) bool {
	at := l.pos
	if l.word() == w {
		return true
	}
	l.pos = at
	return false
}

func (l *lexer) acceptAll(words ...string) bool {
	at := l.pos
	for _, w := range words {
		if !l.accept(w) {
			l.pos = at
			return false
		}
	}
	return true
}

func (l *lexer) punct(c byte) bool {
	l.blank()
	if l.pos < len(l.s) && l.s[l.pos] == c {
		l.pos++
		return true
	}
	return false
}

// name reads an identifier, quoted or not.
func (l *lexer) name() (string, bool) {
	l.blank()
	if l.pos >= len(l.s) {
		return "", false
	}
	q := l.s[l.pos]
	if q != '`' && q != '"' {
		start := l.pos
		for l.pos < len(l.s) && wordByte(l.s[l.pos]) {
			l.pos++
		}
		return l.s[start:l.pos], l.pos > start
	}
	return l.quoted(q), true
}

func (l *lexer) quoted(q byte) string {
	var b strings.Builder
	escapes := q == '\'' || q == '"' && !l.under.has(modeANSIQuotes)
	escapes = escapes && !l.under.has(modeNoEscapes)
	for l.pos++; l.pos < len(l.s); l.pos++ {
		if escapes && l.s[l.pos] == '\\' && l.pos+1 < len(l.s) {
			l.pos++
			b.WriteByte(l.s[l.pos])
			continue
		}
		if l.s[l.pos] == q {
			if l.pos+1 < len(l.s) && l.s[l.pos+1] == q {
				l.pos++
			} else {
				l.pos++
				break
			}
		}
		b.WriteByte(l.s[l.pos])
	}
	return b.String()
}

// skip passes one word, name, text or character.
func (l *lexer) skip() {
	if l.blank(); l.pos < len(l.s) && l.s[l.pos] == '\'' {
		l.quoted('\'')
		return
	}
	if _, ok := l.name(); !ok && l.pos < len(l.s) {
		l.pos++
	}
}
