package partitions

import (
	"math/big"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/define"
)

// modelled is the moment of TO_DATE or TO_TIMESTAMP of a literal by a literal format model, "" if it is none that can be told here.
func modelled(c *ir.Call) string {
	if c.Op != op.OraToDate && c.Op != op.OraToTimestamp || len(c.Args) < 2 {
		return ""
	}
	value, model := text(c.Args[0]), text(c.Args[1])
	if len(c.Args) > 2 && !gregorian(text(c.Args[2])) {
		return ""
	}
	return moment(strings.TrimSpace(value), strings.ToUpper(strings.TrimSpace(model)))
}

func text(e ir.Expr) string {
	lit, _ := define.Literal(e)
	if s, ok := lit.(*ir.String); ok {
		return s.Value
	}
	return ""
}

// gregorian tells that the parameters of a conversion change nothing in numbers.
func gregorian(nls string) bool {
	s := strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(nls, " ", ""), "'", ""))
	return s == "NLS_CALENDAR=GREGORIAN" || strings.HasPrefix(s, "NLS_DATE_LANGUAGE=")
}

// field is an element of a format model with how many digits it reads at most.
type field struct {
	word   string
	digits int
}

var fields = []field{{"SYYYY", 4}, {"YYYY", 4}, {"MM", 2}, {"DD", 2}, {"HH24", 2}, {"MI", 2}, {"SS", 2}}

// moment reads a text by a format model of whole numbers and punctuation, "" if either is something else.
func moment(value, model string) string {
	got := map[string]int{}
	for model != "" {
		if f, ok := next(model); ok {
			model = model[len(f.word):]
			n := 0
			for n < f.digits && n < len(value) && value[n] >= '0' && value[n] <= '9' {
				n++
			}
			x, err := strconv.Atoi(value[:n])
			if err != nil || n < f.digits {
				return ""
			}
			got[strings.TrimPrefix(f.word, "S")], value = x, value[n:]
			if f.word == "SS" {
				got["S"] = x
			}
			continue
		}
		if !strings.ContainsRune("-/,.;: ", rune(model[0])) || value == "" || value[0] != model[0] {
			return ""
		}
		model, value = model[1:], value[1:]
	}
	y, m, d := got["YYYY"], got["MM"], got["DD"]
	if value != "" || y < 1 || m < 1 || m > 12 || d < 1 || d > 31 || got["HH24"] > 23 || got["MI"] > 59 || got["S"] > 59 {
		return ""
	}
	return shortest(y, m, d, got["HH24"], got["MI"], got["S"])
}

func next(model string) (field, bool) {
	for _, f := range fields {
		if strings.HasPrefix(model, f.word) {
			return f, true
		}
	}
	return field{}, false
}

// shortest writes a moment, without its time of day where that is midnight.
func shortest(y, m, d, h, mi, s int) string {
	two := func(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }
	year := strconv.Itoa(y)
	out := strings.Repeat("0", 4-len(year)) + year + "-" + two(m) + "-" + two(d)
	if h+mi+s > 0 {
		out += " " + two(h) + ":" + two(mi) + ":" + two(s)
	}
	return out
}

// below tells whether a value belongs under the bound of a range; ok is false where that cannot be told.
func below(value, bound ir.Expr) (under, ok bool) {
	if n, is := bound.(*ir.Name); is && len(n.Parts) == 1 && strings.EqualFold(n.Parts[0].Text, "MAXVALUE") {
		return true, true
	}
	v, vn := define.Literal(value)
	b, bn := define.Literal(bound)
	switch x := v.(type) {
	case *ir.Number:
		y, is := b.(*ir.Number)
		if !is {
			return false, false
		}
		l, lok := rational(x, vn)
		r, rok := rational(y, bn)
		return lok && rok && l.Cmp(r) < 0, lok && rok
	case *ir.String:
		y, is := b.(*ir.String)
		return is && x.Value < y.Value, is
	}
	return false, false
}

func rational(n *ir.Number, neg bool) (*big.Rat, bool) {
	r, ok := new(big.Rat).SetString(n.Text)
	if ok && neg {
		r.Neg(r)
	}
	return r, ok
}

// same tells whether a value is one of a list.
func same(value, item ir.Expr) (equal, ok bool) {
	v, vn := define.Literal(value)
	i, in := define.Literal(item)
	switch x := v.(type) {
	case *ir.Null:
		_, null := i.(*ir.Null)
		return null, i != nil
	case *ir.Number:
		y, is := i.(*ir.Number)
		if !is {
			_, null := i.(*ir.Null)
			return false, null
		}
		l, lok := rational(x, vn)
		r, rok := rational(y, in)
		return lok && rok && l.Cmp(r) == 0, lok && rok
	case *ir.String:
		y, is := i.(*ir.String)
		if !is {
			_, null := i.(*ir.Null)
			return false, null
		}
		return x.Value == y.Value, true
	}
	return false, false
}

// holds finds the partition of a value, -1 if it cannot be told or is none.
func (st *state) holds(values []ir.Expr) int {
	if len(values) != 1 || st.lower == nil {
		return -1
	}
	value, ok := st.lower.value(values[0])
	if !ok {
		return -1
	}
	rest := -1
	for i, x := range st.parts {
		switch {
		case x.rel.Default:
			rest = i
		case x.rel.Range:
			if len(x.rel.To) != 1 {
				return -1
			}
			under, ok := below(value, x.rel.To[0])
			if !ok {
				return -1
			}
			if under {
				return i
			}
		default:
			for _, item := range x.rel.In {
				equal, ok := same(value, item)
				if !ok {
					return -1
				}
				if equal {
					return i
				}
			}
		}
	}
	return rest
}
