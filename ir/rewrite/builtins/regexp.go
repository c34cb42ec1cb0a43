package builtins

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// samePattern tells a regular expression that means the same on the target: no dot (which matches a line break there), no greedy and lazy
// quantifiers side by side, no escapes but those of classes and of marks.
func samePattern(p string) bool {
	for i := 0; i < len(p); i++ {
		switch c := p[i]; c {
		case '\\':
			if i++; i == len(p) {
				return false
			}
			if !strings.ContainsRune(`dDwWsS.*+?|()[]{}^$\/-`, rune(p[i])) {
				return false
			}
		case '.':
			return false
		case '*', '+', '?', '}':
			if i+1 < len(p) && strings.IndexByte("*+?{", p[i+1]) >= 0 {
				return false
			}
		case '(':
			if i+1 < len(p) && p[i+1] == '?' || i+1 < len(p) && p[i+1] == '*' {
				return false
			}
		case '[':
			end := classEnd(p, i)
			if end < 0 || strings.Contains(p[i:end], `\`) {
				return false
			}
			i = end - 1
		default:
			if c >= 0x80 || c < ' ' {
				return false
			}
		}
	}
	return p != "" && !strings.HasPrefix(p, "***")
}

// classEnd is the place behind the bracket expression that begins at i, -1 if it does not end.
func classEnd(p string, i int) int {
	j := i + 1
	if j < len(p) && p[j] == '^' {
		j++
	}
	if j < len(p) && p[j] == ']' {
		j++
	}
	for ; j < len(p); j++ {
		switch {
		case p[j] == ']':
			return j + 1
		case p[j] == '[' && j+1 < len(p) && strings.IndexByte(":.=", p[j+1]) >= 0:
			k := strings.Index(p[j+2:], string(p[j+1])+"]")
			if k < 0 {
				return -1
			}
			j += 2 + k + 1
		}
	}
	return -1
}

var flagPlace = map[op.Op]int{op.OraRegexpLike: 2, op.OraRegexpReplace: 5, op.OraRegexpSubstr: 4, op.OraRegexpInstr: 5, op.OraRegexpCount: 3}

// mixed tells that a pattern has lazy and greedy quantifiers.
func mixed(pattern string) bool {
	lazy, greedy := false, false
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			if end := classEnd(pattern, i); end > 0 {
				i = end - 1
			}
		case '*', '+', '?', '}':
			if i+1 < len(pattern) && pattern[i+1] == '?' {
				lazy = true
				i++
			} else {
				greedy = true
			}
		}
	}
	return lazy && greedy
}

// regexp: a literal pattern of what both have in common is matched by the target's own functions, which take their arguments in the same order.
func (l *lowering) regexp(c *ir.Call) ir.Expr {
	place := flagPlace[c.Op]
	flags := ""
	if len(c.Args) > place && !isNull(c.Args[place]) {
		s, ok := c.Args[place].(*ir.String)
		if ok && strings.Trim(s.Value, "icnmx") != "" {
			return l.refuse(refusedFunction, c, "%s with the match parameter %q", c.Name, s.Value)
		}
		flags = "?"
		if ok {
			flags = s.Value
		}
	}
	p, ok := c.Args[1].(*ir.String)
	if ok && mixed(p.Value) {
		return l.refuse(refusedFunction, c, "%s with quantifiers of which some are lazy, where the target takes all for what the first is,", c.Name)
	}
	plain := ok && samePattern(p.Value) && isText(c.Args[0]) && (flags == "" || flags == "i" || flags == "c")
	for i, a := range c.Args[2:] {
		if i+2 != place && types.IsNumeric(a.TypeOf()) {
			v, literal := literalInt(a)
			plain = plain && literal && v >= 0
		}
	}
	if plain {
		if x := l.nativeRegexp(c, flags); x != nil {
			return x
		}
	}
	args := make([]ir.Expr, len(c.Args))
	for i, a := range c.Args {
		args[i] = a
		switch {
		case types.IsNumeric(a.TypeOf()):
			args[i] = argument(a)
		case i == 0:
			args[i] = l.blanks(a)
		}
	}
	return l.helper(strings.ToLower(c.Name), c, args...)
}

// nativeRegexp is the target's function, nil if there is none for these arguments.
func (l *lowering) nativeRegexp(c *ir.Call, flags string) ir.Expr {
	x := l.blanks(c.Args[0])
	args := append([]ir.Expr{x}, c.Args[1:]...)
	if place := flagPlace[c.Op]; len(args) > place && isNull(args[place]) {
		args[place] = build.Text("") // NULL would give NULL on the target
	}
	switch c.Op {
	case op.OraRegexpLike:
		o := "~"
		if flags == "i" {
			o = "~*"
		}
		return build.Op(o, c, types.Bool{}, code, x, c.Args[1])
	case op.OraRegexpSubstr:
		if len(c.Args) == 6 || len(c.Args) >= 5 && flags == "c" {
			if v, ok := literalInt(c.Args[len(c.Args)-1]); len(c.Args) == 6 && (!ok || v < 0) {
				return nil
			}
		}
		return l.filled(l.target("regexp_substr", c, args...), c)
	case op.OraRegexpInstr:
		return l.target("regexp_instr", c, args...)
	case op.OraRegexpCount:
		return l.target("regexp_count", c, args...)
	case op.OraRegexpReplace:
		return l.regexpReplace(c, args, flags)
	}
	return nil
}

func (l *lowering) regexpReplace(c *ir.Call, args []ir.Expr, flags string) ir.Expr {
	var with ir.Expr = build.Text("")
	if len(args) > 2 && !isNull(args[2]) {
		s, ok := args[2].(*ir.String)
		if !ok || !plainReplacement(s.Value) {
			return nil
		}
		with = s
	}
	x, _ := l.open(args[0])
	switch {
	case len(args) <= 3:
		return l.filled(l.target("regexp_replace", c, x, args[1], with, build.Text("g")), c)
	case len(args) == 4:
		if v, _ := literalInt(args[3]); v == 1 {
			return l.filled(l.target("regexp_replace", c, x, args[1], with, build.Text("g")), c)
		}
		return nil
	}
	at, _ := literalInt(args[3])
	occurrence, _ := literalInt(args[4])
	if at == 1 && occurrence == 0 {
		return l.filled(l.target("regexp_replace", c, x, args[1], with, build.Text("g"+strings.Trim(flags, "c"))), c)
	}
	list := []ir.Expr{x, args[1], with, args[3], args[4]}
	if flags == "i" {
		list = append(list, build.Text("i"))
	}
	return l.filled(l.target("regexp_replace", c, list...), c)
}

// plainReplacement tells a replacement with no backslashes but those before digits other than 0.
func plainReplacement(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		if i++; i == len(s) || s[i] < '1' || s[i] > '9' {
			return false
		}
	}
	return true
}
