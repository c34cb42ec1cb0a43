package oracle

import (
	"strings"

	"godwit/ir/source"
)

// definePrefix begins the settings that give substitution variables their value: define.name=value.
const definePrefix = "define."

// substitution is how SQL*Plus replaces &name at a place of a script.
type substitution struct {
	off    bool
	prefix byte // &
	concat byte // the point that ends a name
	escape byte // 0 if there is none
	values map[string]string
}

// substitute replaces the substitution variables of a text. missing are those without a value that stand outside of texts and comments,
// open those within texts; both are left as they are.
func (d *substitution) substitute(s string) (out string, missing, open []string) {
	if d.off || strings.IndexByte(s, d.prefix) < 0 {
		return s, nil, nil
	}
	var b strings.Builder
	done, quoted := 0, quotes{s: s}
	for i := 0; i < len(s); {
		if d.escape != 0 && s[i] == d.escape && i+1 < len(s) && s[i+1] == d.prefix {
			b.WriteString(s[done:i])
			done = i + 1
			i += 2
			continue
		}
		name, n := d.variable(s[i:])
		if n == 0 {
			i++
			continue
		}
		v, ok := d.values[strings.ToUpper(name)]
		switch {
		case v == tooLong, ok && b.Len()+len(v) > mostText:
			missing = append(missing, name)
		case ok:
			b.WriteString(s[done:i])
			b.WriteString(v)
			done = i + n
		case quoted.holds(i):
			open = append(open, name)
		case namesStorage(s[:i]): // it does not matter which
			b.WriteString(s[done:i])
			b.WriteString(name)
			done = i + n
		default:
			missing = append(missing, name)
		}
		i += n
	}
	b.WriteString(s[done:])
	return b.String(), missing, open
}

// namesStorage tells that the name of a tablespace comes behind a text.
func namesStorage(s string) bool {
	const word = "TABLESPACE"
	t := strings.TrimRight(s, " \t\r\n\"")
	return len(t) < len(s) && len(t) > len(word) && strings.EqualFold(t[len(t)-len(word):], word) && !isIdentPart(t[len(t)-len(word)-1])
}

// variable is the name of the variable that s begins with, and the length of its mark; 0 if there is none.
func (d *substitution) variable(s string) (name string, n int) {
	if s[0] != d.prefix {
		return "", 0
	}
	i := 1
	if i < len(s) && s[i] == d.prefix {
		i++
	}
	from := i
	for i < len(s) && isIdentPart(s[i]) && s[i] < 0x80 {
		i++
	}
	if i == from {
		return "", 0
	}
	name = s[from:i]
	if i < len(s) && d.concat != 0 && s[i] == d.concat {
		i++
	}
	return name, i
}

// quotes tells which places of a statement stand in a text, a quoted name or a comment. Places are asked for in order.
type quotes struct {
	s    string
	next int  // where the next element begins
	in   bool // the element before next is quoted
	t    tracker
}

// holds tells that the byte at a place is quoted.
func (q *quotes) holds(at int) bool {
	for q.next <= at {
		from := q.next
		q.in = false
		if q.next = plain(q.s, from, false); q.next > from {
			continue
		}
		n := 1
		if c := q.s[from]; c != '\n' && c != ';' {
			n, _ = skip(q.s, from, &q.t)
		}
		q.next, q.in = from+max(n, 1), n > 1
	}
	return q.in
}

// derived is the file that holds the text of a statement behind substitution, at the place of the statement.
func derived(f *source.File, start, end int, text string) *source.File {
	line, col := f.Position(start)
	return &source.File{Name: f.Name, Text: text, Base: f.Base + int64(start), Line: line, Column: col - 1}
}

// define carries out DEFINE name = value.
func (d *substitution) define(arg string) {
	name, value, ok := strings.Cut(arg, "=")
	if !ok || strings.TrimSpace(value) == "" {
		return // SP2-0137: DEFINE requires a value following equal sign
	}
	if value = unquoteValue(value); len(value) > mostDefined {
		value = tooLong
	}
	d.set(strings.TrimSpace(name), value)
}

// mostText is how long a text may become by what its variables hold; those behind that have no value.
const mostText = 16 << 20

// mostDefined is how long the value of a variable may be. SQL*Plus takes far less; values that are made of others could grow without end.
const mostDefined = 64 << 10

// tooLong is the value of a variable whose value is longer than that.
const tooLong = "\x00"

// set gives a variable its value.
func (d *substitution) set(name, value string) {
	values := make(map[string]string, len(d.values)+1)
	for k, v := range d.values {
		values[k] = v
	}
	values[strings.ToUpper(name)] = value
	d.values = values
}

// undefine takes variables away.
func (d *substitution) undefine(names []string) {
	values := make(map[string]string, len(d.values))
	for k, v := range d.values {
		values[k] = v
	}
	for _, n := range names {
		delete(values, strings.ToUpper(n))
	}
	d.values = values
}

// unquoteValue is a value of a command without the quotes around it.
func unquoteValue(v string) string {
	v = strings.TrimSpace(v)
	if n := len(v); n >= 2 && (v[0] == '\'' || v[0] == '"') && v[n-1] == v[0] {
		q := v[:1]
		return strings.ReplaceAll(v[1:n-1], q+q, q)
	}
	return v
}

// option carries out SET DEFINE, SET ESCAPE, SET CONCAT and SET SCAN.
func (d *substitution) option(fields []string) {
	for i := 0; i+1 < len(fields); i += 2 {
		v := strings.Trim(fields[i+1], `'"`)
		on, off := strings.EqualFold(v, "on"), strings.EqualFold(v, "off")
		switch x := strings.ToUpper(fields[i]); {
		case strings.HasPrefix("DEFINE", x) && len(x) >= 3, x == "SCAN":
			d.off = off
			if on {
				d.prefix = '&'
			}
			if len(v) == 1 {
				d.off, d.prefix = false, v[0]
			}
		case strings.HasPrefix("ESCAPE", x) && len(x) >= 3:
			d.escape = sign(v, on, off, '\\')
		case strings.HasPrefix("CONCAT", x) && len(x) >= 3:
			d.concat = sign(v, on, off, '.')
		}
	}
}

// sign is the character that an option is set to.
func sign(v string, on, off bool, usual byte) byte {
	switch {
	case off || v == "":
		return 0
	case on:
		return usual
	}
	return v[0]
}
