package text

import (
	"strings"
	"unicode"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// substring: PostgreSQL's own where the position is surely above 0 and the length surely not below.
func (l *lowering) substring(e *ir.Call) ir.Expr {
	if kindOf(e.Args[0]) == other {
		return l.wrong(e)
	}
	from, known := atLeast(e.Args[1])
	plain := known && from > 0 && fits(e.Args[1])
	if len(e.Args) > 2 {
		n, known := atLeast(e.Args[2])
		plain = plain && known && n >= 0 && fits(e.Args[2])
	}
	if plain {
		return l.fn("substring", e, e.Args...)
	}
	args := []ir.Expr{e.Args[0]}
	for _, a := range e.Args[1:] {
		args = append(args, long(a))
	}
	return l.help("mid", e, args...)
}

func (l *lowering) left(e *ir.Call) ir.Expr {
	switch kindOf(e.Args[0]) {
	case chars:
		if n, known := atLeast(e.Args[1]); known && n >= 0 && fits(e.Args[1]) {
			return l.fn("left", e, e.Args...)
		}
	case bytes:
	default:
		return l.wrong(e)
	}
	return l.help("mid", e, e.Args[0], build.Int(1), long(e.Args[1]))
}

func (l *lowering) right(e *ir.Call) ir.Expr {
	switch kindOf(e.Args[0]) {
	case chars:
		if n, known := atLeast(e.Args[1]); known && n >= 0 && fits(e.Args[1]) {
			return l.fn("right", e, e.Args...)
		}
	case bytes:
	default:
		return l.wrong(e)
	}
	return l.help("right_part", e, e.Args[0], long(e.Args[1]))
}

// asBytes makes byte strings of the arguments of a call whose result is one.
func asBytes(e *ir.Call, list ...ir.Expr) ([]ir.Expr, bool) {
	if _, ok := e.Type.(types.Binary); !ok {
		return nil, false
	}
	out := make([]ir.Expr, len(list))
	for i, x := range list {
		b, _ := literalBytes(x)
		var ok bool
		if out[i], ok = encoded(x); !ok {
			return nil, false
		}
		if b != nil {
			out[i] = build.Make(&ir.Bytes{Value: b}, x, types.Binary{N: len(b)}, code)
		}
	}
	return out, true
}

func (l *lowering) pad(e *ir.Call) ir.Expr {
	with := ir.Expr(build.Text(" "))
	if len(e.Args) > 2 {
		with = e.Args[2]
	}
	if args, ok := asBytes(e, e.Args[0], with); ok {
		return l.help(map[op.Op]string{op.LPad: "pad_left", op.RPad: "pad_right"}[e.Op], e, args[0], long(e.Args[1]), args[1])
	}
	if !allOf(chars, e.Args[0], with) {
		return l.wrong(e)
	}
	fill, literal := build.TextLiteral(with)
	if literal && fill == "" && e.Word != "empty" {
		return l.refuse(e, "%s with an empty padding, which gives NULL in MariaDB and the empty text in MySQL 8", e.Name)
	}
	if !literal && e.Word != "empty" {
		l.p.Report(padding, with.Base().Span, "the padding %s is assumed not to be empty", with.Base().Span.Text())
	}
	name, helper := "lpad", "pad_left"
	if e.Op == op.RPad {
		name, helper = "rpad", "pad_right"
	}
	if n, known := atLeast(e.Args[1]); fill != "" && known && n >= 0 && fits(e.Args[1]) && literal {
		return l.fn(name, e, e.Args[0], e.Args[1], with)
	}
	return l.help(helper, e, e.Args[0], long(e.Args[1]), with)
}

func (l *lowering) repeat(e *ir.Call) ir.Expr {
	switch kindOf(e.Args[0]) {
	case chars:
		return l.fn("repeat", e, e.Args[0], short(e.Args[1]))
	case bytes:
		twice := build.Call("repeat", e, types.Text{}, code, build.Call("encode", e, types.Text{}, code, e.Args[0], build.Text("hex")), short(e.Args[1]))
		return l.fn("decode", e, twice, build.Text("hex"))
	}
	return l.wrong(e)
}

func (l *lowering) space(e *ir.Call) ir.Expr {
	if v, ok := build.IntLiteral(e.Args[0]); build.IsConstant(e.Args[0]) && ok && v > 1<<26 || build.IsConstant(e.Args[0]) && !ok && !tree.IsNull(e.Args[0]) && !fits(e.Args[0]) {
		return l.refuse(e, "%s of so many blanks", e.Name)
	}
	if !fits(e.Args[0]) && !build.IsConstant(e.Args[0]) {
		if t, ok := e.Args[0].TypeOf().(types.Int); !ok || t.Bits == 64 || t.Bits == 32 && t.Unsigned {
			return l.refuse(e, "%s of numbers with 64 bits", e.Name)
		}
	}
	return l.fn("repeat", e, build.Text(" "), short(e.Args[0]))
}

func (l *lowering) insert(e *ir.Call) ir.Expr {
	if args, ok := asBytes(e, e.Args[0], e.Args[3]); ok {
		return l.help("text_insert", e, args[0], long(e.Args[1]), long(e.Args[2]), args[1])
	}
	if !allOf(chars, e.Args[0], e.Args[3]) {
		return l.wrong(e)
	}
	return l.help("text_insert", e, e.Args[0], long(e.Args[1]), long(e.Args[2]), e.Args[3])
}

// substringIndex: the first or last part by a delimiter of one character is PostgreSQL's split_part.
func (l *lowering) substringIndex(e *ir.Call) ir.Expr {
	if !allOf(chars, e.Args[0], e.Args[1]) {
		return l.wrong(e)
	}
	n, known := build.IntLiteral(e.Args[2])
	if d, ok := build.TextLiteral(e.Args[1]); ok && len([]rune(d)) == 1 && known && (n == 1 || n == -1) {
		l.d.AllByBytes(code, &e.Args[0], &e.Args[1])
		return l.fn("split_part", e, e.Args...)
	}
	return l.help("substring_index", e, e.Args[0], e.Args[1], long(e.Args[2]))
}

// plain stays as it is: the target has the function.
func (l *lowering) plain(e *ir.Call) ir.Expr {
	if kindOf(e.Args[0]) == bytes {
		return l.help("reverse_bytes", e, e.Args[0])
	}
	if kindOf(e.Args[0]) != chars {
		return l.wrong(e)
	}
	return e
}

func (l *lowering) trim(e *ir.Call) ir.Expr {
	if len(e.Args) == 1 && kindOf(e.Args[0]) == bytes && (e.Word == "" || e.Word == "both") {
		name := map[op.Op]string{op.Trim: "btrim", op.LTrim: "ltrim", op.RTrim: "rtrim"}[e.Op]
		return l.fn(name, e, e.Args[0], build.Make(&ir.Bytes{Value: []byte(" ")}, e, types.Binary{N: 1}, code))
	}
	if !allOf(chars, e.Args...) {
		return l.wrong(e)
	}
	side := e.Word
	switch {
	case e.Op == op.LTrim:
		side = "leading"
	case e.Op == op.RTrim:
		side = "trailing"
	case side == "":
		side = "both"
	}
	name := map[string]string{"leading": "ltrim", "trailing": "rtrim", "both": "trim"}[side]
	if name == "" {
		return l.refuse(e, "%s %s", e.Name, side)
	}
	if len(e.Args) == 1 {
		return l.fn(name, e, e.Args[0])
	}
	switch part, ok := build.TextLiteral(e.Args[1]); {
	case !ok || len([]rune(part)) > 1:
		return l.help("trim_text", e, e.Args[0], e.Args[1], build.Text(side))
	case part == "":
		return e.Args[0]
	case part == " ":
		return l.fn(name, e, e.Args[0])
	}
	if side == "both" {
		name = "btrim"
	}
	return l.fn(name, e, e.Args...)
}

// replace compares code points whatever the collation is.
func (l *lowering) replace(e *ir.Call) ir.Expr {
	if args, ok := asBytes(e, e.Args...); ok && e.Word != op.Unread {
		return l.help("replace_bytes", e, args...)
	}
	if !allOf(chars, e.Args...) {
		return l.wrong(e)
	}
	if e.Word == op.Unread && !build.IsConstant(e.Args[2]) {
		l.p.Report(replacement, e.Span, "%s is assumed not to be NULL", e.Args[2].Base().Span.Text())
	}
	l.d.AllByBytes(code, &e.Args[0], &e.Args[1], &e.Args[2])
	return l.fn("replace", e, e.Args...)
}

// letters is LOWER and UPPER, which map each character for itself.
func (l *lowering) letters(e *ir.Call) ir.Expr {
	x := e.Args[0]
	name := "lower"
	if e.Op == op.Upper {
		name = "upper"
	}
	switch kindOf(x) {
	case bytes:
		return x // bytes have no case
	case other:
		return l.wrong(e)
	}
	if ascii(x) {
		return l.fn(name, e, x)
	}
	s, literal := build.TextLiteral(x)
	switch {
	case e.Op == op.Upper && literal && !strings.ContainsFunc(s, expands):
	case e.Op == op.Upper:
		return l.help("upper_text", e, x)
	case literal && !strings.ContainsAny(s, "İΣ"):
	case literal:
		return l.help("lower_text", e, x)
	case !l.mapped:
		l.mapped = true
		l.p.Report(mapping, e.Span, "%s is assumed to meet no capital sigma at the end of a word", e.Span.Text())
	}
	if d := l.d.Derive(x); d.Name == "" || d.Name == "C" || d.Strength == build.Conflict {
		x = build.Collated(x, ir.Qualified("", "und-x-icu"), types.Collation{}, code)
	}
	return l.fn(name, e, x)
}

// expands tells that the upper case of a letter may be more than one character.
func expands(r rune) bool {
	return r == 'ß' || r > 127 && unicode.IsLower(r) && unicode.ToUpper(r) == r || r == 'ŉ' || r == 'ǰ' || r >= 0x1e96 && r <= 0x1fff
}

func (l *lowering) quote(e *ir.Call) ir.Expr {
	if kindOf(e.Args[0]) != chars {
		return l.wrong(e)
	}
	return l.help("quote", e, e.Args[0])
}

func (l *lowering) soundex(e *ir.Call) ir.Expr {
	if kindOf(e.Args[0]) != chars {
		return l.wrong(e)
	}
	return l.help("soundex", e, e.Args[0])
}
