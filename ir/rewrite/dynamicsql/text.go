package dynamicsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
)

// constant is the text that an expression always gives.
func (r *run) constant(e ir.Expr) (string, bool) { return r.fold(e, 0) }

func (r *run) fold(e ir.Expr, depth int) (string, bool) {
	if depth > 8 {
		return "", false
	}
	switch x := bare(e).(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Null:
		return "", true
	case *ir.Number:
		return x.Text, true
	case *ir.Concat:
		var b strings.Builder
		for _, a := range x.Args {
			s, ok := r.fold(a, depth+1)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	case *ir.Name:
		v, ok := control.Target(x).(*ir.VarDecl)
		if !ok {
			return "", false
		}
		return r.variable(v, depth)
	}
	return "", false
}

// variable is the text of a variable that is never changed: its initial value, or the only one that is assigned, at the head of the block that declares it.
func (r *run) variable(v *ir.VarDecl, depth int) (string, bool) {
	_, writes := control.Uses(r.root, v)
	if len(writes) == 0 {
		if v.Default == nil {
			return "", false
		}
		return r.fold(v.Default, depth+1)
	}
	if len(writes) != 1 || v.Default != nil {
		return "", false
	}
	var value ir.Expr
	ir.WalkStatements(r.root, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		for _, d := range b.Decls {
			if d != ir.Decl(v) {
				continue
			}
			for _, s := range b.Body {
				if set, ok := s.(*ir.SetVar); ok {
					for _, it := range set.Items {
						if it.Target == ir.Expr(writes[0]) {
							value = it.Value
						}
					}
				}
				if reads, _ := control.Uses(s, v); value != nil || len(reads) > 0 {
					break
				}
			}
		}
		return true
	})
	if value == nil {
		return "", false
	}
	return r.fold(value, depth+1)
}

// FirstWord is the first word of a text in upper case.
func FirstWord(text string) string {
	for {
		text = strings.TrimLeft(text, " \t\r\n")
		switch {
		case strings.HasPrefix(text, "--"):
			i := strings.IndexByte(text, '\n')
			if i < 0 {
				return ""
			}
			text = text[i:]
			continue
		case strings.HasPrefix(text, "/*"):
			i := strings.Index(text, "*/")
			if i < 0 {
				return ""
			}
			text = text[i+2:]
			continue
		case strings.HasPrefix(text, "<<"):
			return "<<"
		case strings.HasPrefix(text, "("):
			return "("
		}
		break
	}
	end := 0
	for end < len(text) && (text[end]|0x20 >= 'a' && text[end]|0x20 <= 'z' || text[end] == '_') {
		end++
	}
	return strings.ToUpper(text[:end])
}

// Placeholders replaces the placeholders (:name, :1) of a text outside of quotes and comments.
func Placeholders(text string, f func(name string) string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		n := skipped(text[i:])
		if n > 0 {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		if text[i] == ':' && i+1 < len(text) && word(text[i+1]) && (i == 0 || text[i-1] != ':') {
			end := i + 1
			for end < len(text) && (word(text[end]) || text[end] == '$' || text[end] == '#') {
				end++
			}
			b.WriteString(f(text[i+1 : end]))
			i = end
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

func word(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_'
}

// skipped is the length of the quoted text or comment that a text begins with, 0 if it begins with none.
func skipped(s string) int {
	until := func(from int, end string) int {
		if i := strings.Index(s[from:], end); i >= 0 {
			return from + i + len(end)
		}
		return len(s)
	}
	switch {
	case strings.HasPrefix(s, "--"):
		return until(2, "\n")
	case strings.HasPrefix(s, "/*"):
		return until(2, "*/")
	case s[0] == '"':
		return until(1, `"`)
	case s[0] == '\'':
		return until(1, "'")
	case len(s) > 3 && s[0]|0x20 == 'q' && s[1] == '\'':
		end := map[byte]string{'[': "]'", '(': ")'", '{': "}'", '<': ">'"}[s[2]]
		if end == "" {
			end = string(s[2]) + "'"
		}
		return until(3, end)
	}
	return 0
}
