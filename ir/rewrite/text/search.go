package text

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// calm keeps the target from finding two collations among the texts of a call that compares bytes.
func (l *lowering) calm(ops ...*ir.Expr) {
	var list []ir.Expr
	for _, o := range ops {
		list = append(list, *o)
	}
	if l.d.Merge(list...).Strength == build.Conflict {
		l.d.AllByBytes(code, ops...)
	}
}

// alike gives the arguments of a helper routine that compares texts the collation to compare by; what takes plain texts gets them folded where
// case-insensitive texts are of a type of their own.
func (l *lowering) alike(c types.Collation, ops ...*ir.Expr) {
	if l.d.Citext() && c.CaseInsensitive {
		l.d.Lowered(code, ops...)
		return
	}
	l.d.Agree(c, false, code, ops...)
}

// byBytes tells that the target compares texts of a collation by their bytes.
func (l *lowering) byBytes(c types.Collation) bool {
	_, deterministic, ok := l.p.Lower.Collation(c)
	return !ok || deterministic
}

// locate is LOCATE(part, text, start) and INSTR(text, part).
func (l *lowering) locate(e *ir.Call) ir.Expr {
	part, value := e.Args[0], e.Args[1]
	if e.Op == op.Instr {
		part, value = value, part
	}
	if kindOf(part) == bytes || kindOf(value) == bytes {
		x, ok := encoded(part)
		y, ok2 := encoded(value)
		if !ok || !ok2 {
			return l.wrong(e)
		}
		from := ir.Expr(build.Int(1))
		if len(e.Args) > 2 {
			from = long(e.Args[2])
		}
		return l.help("locate", e, x, y, from)
	}
	if !allOf(chars, part, value) {
		return l.wrong(e)
	}
	s, literal := build.TextLiteral(part)
	switch {
	case l.byBytes(e.Collation):
	case literal && asciiText(s):
		part, value = l.sameCase(part, value, s)
	default:
		l.alike(e.Collation, &part, &value)
		args := []ir.Expr{part, value}
		if len(e.Args) > 2 {
			args = append(args, long(e.Args[2]))
		}
		return l.help("locate_text", e, args...)
	}
	l.d.AllByBytes(code, &value, &part)
	if len(e.Args) > 2 {
		return l.help("locate", e, part, value, long(e.Args[2]))
	}
	return l.fn("strpos", e, value, part)
}

// sameCase makes an ASCII text findable by bytes: with the collation "C" lower changes nothing but ASCII letters, and only parts
// with as many bytes as the text looked for count in the source.
func (l *lowering) sameCase(part, value ir.Expr, s string) (ir.Expr, ir.Expr) {
	if d := l.d.Derive(value); d.Name != "C" {
		value = build.Collated(value, ir.Qualified("", "C"), types.Collation{}, code)
	}
	if !build.HasLetters(s) {
		return part, value
	}
	small := build.Make(&ir.String{Value: strings.ToLower(s)}, part, part.TypeOf(), "")
	return small, build.Call("lower", value, value.TypeOf(), code, value)
}

func (l *lowering) findInSet(e *ir.Call) ir.Expr {
	part, list := e.Args[0], e.Args[1]
	if !allOf(chars, part, list) {
		return l.wrong(e)
	}
	s, literal := build.TextLiteral(part)
	set, isSet := list.TypeOf().(types.Set)
	switch {
	case literal && isSet:
		return l.inSet(e, set, s)
	case l.byBytes(e.Collation), literal && asciiText(s) && !build.HasLetters(s):
	default:
		l.alike(e.Collation, &part, &list)
		return l.help("find_in_list", e, part, list)
	}
	l.calm(&part, &list)
	return l.help("find_in_set", e, part, list)
}

// inSet looks for a literal in a SET: the source answers with the place in the definition of the type, not in the value.
func (l *lowering) inSet(e *ir.Call, set types.Set, s string) ir.Expr {
	for i, v := range set.Values {
		if v != s && !(set.Collation.CaseInsensitive && strings.EqualFold(v, s)) {
			continue
		}
		e.Args[0] = build.Make(&ir.String{Value: v}, e.Args[0], e.Args[0].TypeOf(), "")
		found := l.help("find_in_set", e, e.Args...)
		if l.signs[e] {
			return found
		}
		is := ir.Expr(build.Make(&ir.BoolValue{X: build.Compare(ir.Gt, found, build.Int(0), e, code)}, e, e.Type, code))
		if i == 0 {
			return is
		}
		return build.Make(&ir.Binary{Op: ir.Mul, L: is, R: build.Int(int64(i + 1))}, e, e.Type, code)
	}
	return l.help("find_in_set", e, e.Args...)
}

// note finds the calls of which only counts whether the result is zero.
func (l *lowering) note(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Truth:
		if c, ok := n.X.(*ir.Call); ok {
			l.signs[c] = true
		}
	case *ir.Compare:
		zero, known := build.IsZero(n.R)
		if c, ok := n.L.(*ir.Call); ok && known && zero {
			l.signs[c] = true
		}
	}
	return true
}

func (l *lowering) strcmp(e *ir.Call) ir.Expr {
	a, b := e.Args[0], e.Args[1]
	if kindOf(a) == bytes || kindOf(b) == bytes {
		x, ok := encoded(a)
		y, ok2 := encoded(b)
		if !ok || !ok2 {
			return l.wrong(e)
		}
		return l.help("strcmp", e, x, y)
	}
	if !allOf(chars, a, b) {
		return l.wrong(e)
	}
	if !build.IsSimple(a) || !build.IsSimple(b) || build.IsConstant(a) && build.IsConstant(b) {
		l.alike(e.Collation, &a, &b)
		return l.help("strcmp", e, a, b)
	}
	out := &ir.Case{}
	for i, o := range []ir.CompareOp{ir.Eq, ir.Lt, ir.Gt} {
		c := build.Compare(o, ir.Clone(a), ir.Clone(b), e, code)
		c.Collation = e.Collation
		w := &ir.When{Cond: c, Then: build.Int([]int64{0, -1, 1}[i])}
		w.Span = e.Span
		out.Whens = append(out.Whens, w)
	}
	return build.Make(out, e, e.Type, code)
}

// field is FIELD(x, a, b, ...): texts compare as texts, numbers as numbers, and both together as floats.
func (l *lowering) field(e *ir.Call) ir.Expr {
	if _, null := e.Args[0].(*ir.Null); null {
		return build.Int(0)
	}
	texts, numbers := 0, 0
	for _, a := range e.Args {
		switch {
		case types.IsNumeric(a.TypeOf()):
			numbers++
		case a.TypeOf() == types.Type(types.Null{}):
		default:
			texts++
		}
	}
	out := &ir.Case{Else: build.Int(0)}
	convert := l.fieldText
	switch {
	case texts == 0:
		convert = func(x ir.Expr) (ir.Expr, bool) { _, bit := x.TypeOf().(types.Bit); return x, !bit }
	case numbers > 0:
		convert = l.fieldFloat
	default:
		out.Collation = e.Collation
	}
	for i, a := range e.Args {
		x, ok := convert(a)
		if !ok {
			return l.refuse(e, "%s of %s", e.Name, a.TypeOf())
		}
		if i == 0 {
			out.Operand = x
			continue
		}
		w := &ir.When{Cond: x, Then: build.Int(int64(i))}
		w.Span = a.Base().Span
		out.Whens = append(out.Whens, w)
	}
	l.labels(out, e.Args[0])
	return build.Make(out, e, e.Type, code)
}

// labels writes literals that are compared with an enumeration as its labels are written.
func (l *lowering) labels(c *ir.Case, x ir.Expr) {
	t, ok := x.TypeOf().(types.Enum)
	if !ok {
		return
	}
	for _, w := range c.Whens {
		s, literal := w.Cond.(*ir.String)
		if !literal {
			return
		}
		for _, v := range t.Values {
			if v == s.Value || t.Collation.CaseInsensitive && strings.EqualFold(v, s.Value) {
				s.Value = v
			}
		}
	}
	c.Collation = types.Collation{}
}

func (l *lowering) fieldText(x ir.Expr) (ir.Expr, bool) {
	switch t := x.TypeOf().(type) {
	case types.Text, types.Set, types.Null:
		return x, true
	case types.Enum:
		return build.As(x, "text", types.Text{Collation: t.Collation, Charset: t.Charset}, code), true
	case types.Date:
		return build.As(x, "text", types.Text{}, code), true
	}
	_, param := x.(*ir.Param)
	return x, param
}

func (l *lowering) fieldFloat(x ir.Expr) (ir.Expr, bool) {
	switch x.TypeOf().(type) {
	case types.Int, types.Decimal, types.Float, types.Year, types.Null:
		return x, true
	case types.Text:
		h := l.p.Helper("to_float", x, x)
		h.Type = types.Float{Bits: 64}
		return h, true
	}
	return x, false
}

// elt is ELT(n, a, b, ...): the n-th value.
func (l *lowering) elt(e *ir.Call) ir.Expr {
	n, list := e.Args[0], e.Args[1:]
	if _, null := n.(*ir.Null); null {
		return build.Null(e, e.Type)
	}
	if !allOf(chars, list...) && !allOf(bytes, list...) {
		return l.wrong(e)
	}
	constant := true
	for _, x := range list {
		constant = constant && build.IsConstant(x)
	}
	if v, literal := build.IntLiteral(n); !literal && build.Width(n) != 16 && build.Width(n) != 32 || v >= 1<<32 || v < -1<<31 {
		// only 32 bits of the number count
		n = build.As(n, "numeric", types.Decimal{}, code)
		mod := func(x ir.Expr) ir.Expr {
			return build.Make(&ir.Mod{Zero: ir.ZeroError, L: x, R: number("4294967296")}, e, types.Decimal{}, code)
		}
		n = mod(build.Make(&ir.Binary{Op: ir.Add, L: mod(n), R: number("4294967296")}, e, types.Decimal{}, code))
	}
	if constant && fits(n) && allOf(chars, list...) && !build.IsConstant(n) {
		a := build.Make(&ir.ArrayExpr{Items: list}, e, types.Array{Elem: e.Type}, code)
		return build.Make(&ir.Subscript{X: a, Index: n}, e, e.Type, code)
	}
	out := &ir.Case{Operand: n}
	for i, x := range list {
		w := &ir.When{Cond: build.Int(int64(i + 1)), Then: x}
		w.Span = x.Base().Span
		out.Whens = append(out.Whens, w)
	}
	return build.Make(out, e, e.Type, code)
}

func number(digits string) ir.Expr {
	n := &ir.Number{Text: digits}
	n.Type = types.Int{Bits: 64}
	return n
}

func (l *lowering) makeSet(e *ir.Call) ir.Expr {
	if _, null := e.Args[0].(*ir.Null); null {
		return build.Null(e, e.Type)
	}
	if !allOf(chars, e.Args[1:]...) {
		return l.wrong(e)
	}
	var ops []*ir.Expr
	for i := range e.Args[1:] {
		ops = append(ops, &e.Args[i+1])
	}
	l.calm(ops...)
	return l.help("make_set", e, e.Args...)
}

func (l *lowering) exportSet(e *ir.Call) ir.Expr {
	if !allOf(chars, e.Args[1:min(4, len(e.Args))]...) {
		return l.wrong(e)
	}
	l.calm(&e.Args[1], &e.Args[2])
	if len(e.Args) > 4 {
		e.Args[4] = long(e.Args[4])
	}
	return l.help("export_set", e, e.Args...)
}
