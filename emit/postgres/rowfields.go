package postgres

import "strings"

// Bodies are long, and read once each: what is looked for in them is found in one scan.

// rowFields gives the names in front of a field at the beginning of an assignment, or of the last of the targets of INTO:
// "name.field :=", "INTO a, name.field FROM". Names stand as often as they are met.
func rowFields(body string) []string {
	var names []string
	for line := range strings.Lines(body) {
		rest := strings.TrimLeft(line, " \t\r\f")
		if name, _, ok := assignedField(rest); ok {
			names = append(names, name)
		}
		for {
			i := strings.Index(rest, "INTO ")
			if i < 0 {
				break
			}
			rest = rest[i+len("INTO "):]
			name, end := firstField(rest)
			if name == "" {
				break
			}
			names = append(names, name)
			rest = rest[end:]
		}
	}
	return names
}

// firstField is the first name in a text that has a field which is assigned, and where that ends; "" if there is none.
func firstField(s string) (name string, end int) {
	for i := 0; i < len(s); {
		if !startsName(s[i]) && !strings.HasPrefix(s[i:], newRow) {
			i++
			continue
		}
		name, n, ok := assignedField(s[i:])
		if ok {
			return name, i + n
		}
		i += max(wordLength(s[i:]), 1)
	}
	return "", 0
}

// assignedField reads a name with a field, or a part of one, that is assigned at the start of a text; n is the length of all.
func assignedField(s string) (name string, n int, ok bool) {
	if s == "" || !startsName(s[0]) && !strings.HasPrefix(s, newRow) {
		return "", 0, false
	}
	w := wordLength(s)
	if w == len(s) || s[w] != '.' {
		return "", 0, false
	}
	i := w + 1
	if strings.HasPrefix(s[i:], `"`) {
		q := strings.IndexByte(s[i+1:], '"')
		if q < 1 {
			return "", 0, false
		}
		i += q + 2
	} else {
		f := wordLength(s[i:])
		if f == 0 {
			return "", 0, false
		}
		i += f
	}
	if i < len(s) && s[i] == '.' {
		from := i
		for i++; i < len(s) && (wordByte(s[i]) || s[i] == '"' || s[i] == '.'); i++ {
		}
		if i == from+1 {
			return "", 0, false
		}
	}
	for _, sign := range [...]string{" :=", " FROM"} {
		if strings.HasPrefix(s[i:], sign) {
			return s[:w], i + len(sign), true
		}
	}
	return "", 0, false
}

// newRow begins a field of a trigger's row, the only name that is written in capitals.
const newRow = "NEW."

func startsName(b byte) bool { return 'a' <= b && b <= 'z' || b == '_' }

func wordByte(b byte) bool {
	return startsName(b) || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}

func wordLength(s string) int {
	i := 0
	for i < len(s) && wordByte(s[i]) {
		i++
	}
	return i
}

// recordTypes puts record in place of the types of rows, name%ROWTYPE behind a blank: the library knows no tables, and so no fields but
// those of records.
func recordTypes(sql string) string {
	const sign = "%ROWTYPE"
	var b strings.Builder
	done := 0
	for at := 0; ; {
		i := strings.Index(sql[at:], sign)
		if i < 0 {
			break
		}
		i += at
		at = i + len(sign)
		if from := beforeName(sql, done, i); from < i && from > done && sql[from-1] == ' ' {
			b.WriteString(sql[done : from-1])
			b.WriteString(" record")
			done = at
		}
	}
	if done == 0 {
		return sql
	}
	return b.String() + sql[done:]
}

// beforeName is where the name begins that ends at a place, which may have parts in quotes; not before from.
func beforeName(s string, from, end int) int {
	for i := end; ; {
		switch {
		case i > from && s[i-1] == '"':
			q := strings.LastIndexByte(s[from:i-1], '"')
			if q < 0 {
				return i
			}
			i = from + q
		case i > from && (wordByte(s[i-1]) || s[i-1] == '$' || s[i-1] == '.'):
			i--
		default:
			return i
		}
	}
}

// asQuote finds where the body of a routine begins, behind AS and the dollar sign quote on a line of their own, and its end. as, where it stands, is
// less than 0 if there is no such body.
func asQuote(sql string) (as, body, end int) {
	const sign = "\nAS $"
	as = strings.Index(sql, sign)
	if as < 0 {
		return -1, 0, 0
	}
	from := as + len(sign) - 1
	n := wordLength(sql[from+1:]) + 2
	if !strings.HasPrefix(sql[min(from+n-1, len(sql)):], "$\n") {
		return -1, 0, 0
	}
	body = from + n + 1
	end = strings.LastIndex(sql, sql[from:from+n])
	if end <= body {
		return -1, 0, 0
	}
	return as, body, end
}
