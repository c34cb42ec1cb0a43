package builtins

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// notNull tells that an expression of its query is known to be never NULL.
func (l *lowering) notNull(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.TargetCall:
		switch x.Name {
		case "chr", "lower", "upper", "length", "abs", "round", "trunc", "floor", "ceil", "rpad", "lpad", "date_trunc":
			for _, a := range x.Args {
				if !l.notNull(a) {
					return false
				}
			}
			return true
		case "coalesce":
			return len(x.Args) > 0 && l.notNull(x.Args[len(x.Args)-1])
		}
		return false
	case *ir.HelperCall:
		switch x.Name {
		case "sysdate", "systimestamp", "sys_guid":
			return true
		case "to_text", "divide":
			for _, a := range x.Args {
				if !l.notNull(a) {
					return false
				}
			}
			return true
		}
		return false
	case *ir.Cast:
		return x.Target && l.notNull(x.X)
	case *ir.Concat:
		for _, a := range x.Args {
			if l.notNull(a) {
				return true
			}
		}
		return false
	case *ir.Binary:
		return l.notNull(x.L) && l.notNull(x.R)
	case *ir.Aggregate:
		return x.Op == op.Count || x.Op == op.RowNumber
	case *ir.RoutineCall:
		return l.value(x, 0)
	case *ir.Name:
		return tree.NotNull(x, l.sel[x]) && l.sel[x] != nil || l.given(x, 0)
	}
	return tree.NotNull(e, nil)
}

// filled makes NULL of a text that may be empty.
func (l *lowering) filled(x, like ir.Expr) ir.Expr {
	n := build.Call("nullif", like, like.TypeOf(), code, x, build.Text(""))
	l.bare[n] = x
	return n
}

// open is a value without the nullif around it: for functions to which an empty text is as good as NULL, as the result is checked behind them.
func (l *lowering) open(e ir.Expr) (x ir.Expr, empty bool) {
	if x, ok := l.bare[e]; ok {
		return x, true
	}
	return e, isLOB(e)
}

// blanks gives a CHAR the blanks that the target does not count.
func (l *lowering) blanks(e ir.Expr) ir.Expr {
	n := fixed(e)
	if n == 0 {
		return e
	}
	switch x := e.(type) {
	case *ir.String, *ir.Null:
		return e
	case *ir.TargetCall:
		if x.Name == "rpad" {
			return e
		}
	}
	t := e.TypeOf().(types.Text)
	return build.Call("rpad", e, types.Text{N: t.N, EmptyIsNull: true}, code, e, build.Int(int64(n)))
}

// padded gives a CHAR its blanks where it is compared with a text that has none: then they count. With a literal or another CHAR they do not,
// nor between two literals (SQL Language Reference, Blank-Padded and Nonpadded Comparison Semantics).
func (l *lowering) padded(a, b *ir.Expr) {
	x, y := isChar(*a), isChar(*b)
	left, lit := (*a).(*ir.String)
	right, also := (*b).(*ir.String)
	switch {
	case lit && also:
		left.Value, right.Value = strings.TrimRight(left.Value, " "), strings.TrimRight(right.Value, " ")
	case !isText(*a) || !isText(*b), !x && !y:
	case x && y:
		*a, *b = stripped(*a), stripped(*b)
	case x:
		l.padOne(a, b)
	default:
		l.padOne(b, a)
	}
}

// paddedAll does so for a value that is compared with several. A CHAR that meets a text without blanks among them has its own, and literals and other
// CHARs get as many.
func (l *lowering) paddedAll(x *ir.Expr, list ...*ir.Expr) {
	n := fixed(*x)
	bare := func(e *ir.Expr) bool {
		_, literal := (*e).(*ir.String)
		return isText(*e) && !isChar(*e) && !literal && !isNull(*e)
	}
	switch {
	case isText(*x) && isChar(*x) && n > 0 && slices.ContainsFunc(list, bare):
		*x = l.blanks(*x)
		for _, e := range list {
			if s, ok := (*e).(*ir.String); ok {
				s.Value = strings.TrimRight(s.Value, " ")
				s.Value += strings.Repeat(" ", max(0, n-len([]rune(s.Value))))
			} else if isText(*e) && isChar(*e) {
				*e = build.Call("rpad", *e, varchar(0), code, stripped(*e), build.Int(int64(n)))
			}
		}
	case isText(*x) && isChar(*x):
		was := *x
		*x = stripped(was)
		for _, e := range list {
			if s, ok := (*e).(*ir.String); ok && *x != was {
				s.Value = strings.TrimRight(s.Value, " ")
			} else if isText(*e) && isChar(*e) {
				*e = stripped(*e)
			}
		}
	default:
		for _, e := range list {
			l.padded(x, e)
		}
	}
}

// padOne: c is a CHAR, other is none.
func (l *lowering) padOne(c, other *ir.Expr) {
	if s, ok := (*other).(*ir.String); ok {
		if bare := *c; stripped(bare) != bare {
			*c = stripped(bare)
			s.Value = strings.TrimRight(s.Value, " ")
		}
		return
	}
	if isNull(*other) {
		return
	}
	*c = l.blanks(*c)
}

// isChar tells a CHAR, also the parameter or result without a length, which is a text with its blanks on the target.
func isChar(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.Text)
	return ok && t.Fixed
}

// stripped takes the blanks off the end of a CHAR that is no column and no variable of a length.
func stripped(e ir.Expr) ir.Expr {
	if _, column := e.(*ir.Name); column && fixed(e) > 0 {
		return e
	}
	if _, literal := e.(*ir.String); literal {
		return e
	}
	return build.Call("rtrim", e, e.TypeOf(), code, e)
}

// collated gives a text the order of its bytes.
func collated(e ir.Expr) ir.Expr {
	if _, ok := e.(*ir.Collate); ok {
		return e
	}
	return build.Make(&ir.Collate{X: e, Name: ir.Qualified("", "C")}, e, e.TypeOf(), code)
}

// byBytes gives the first of texts that are compared for their order the order of bytes.
func (l *lowering) byBytes(x ir.Expr, others ...ir.Expr) ir.Expr {
	if !isText(x) || ordered(x) {
		return x
	}
	for _, o := range others {
		if !isText(o) && !isNull(o) || ordered(o) {
			return x
		}
	}
	return collated(x)
}

func ordered(e ir.Expr) bool { _, ok := e.(*ir.Collate); return ok }

func (l *lowering) compare(e *ir.Compare) ir.Expr {
	if v := l.validTest(e); v != nil {
		return v
	}
	l.padded(&e.L, &e.R)
	e.L, e.R = l.instant(e.L), l.instant(e.R)
	_, lq := l.quotients[e.L]
	_, rq := l.quotients[e.R]
	switch {
	case lq && coarse(e.R):
		e.L = l.plain(e.L)
	case rq && coarse(e.L):
		e.R = l.plain(e.R)
	}
	switch e.Op {
	case ir.Lt, ir.Le, ir.Gt, ir.Ge:
		if build.IsConstant(e.L) && !build.IsConstant(e.R) {
			e.R = l.byBytes(e.R, e.L)
		} else {
			e.L = l.byBytes(e.L, e.R)
		}
	}
	return e
}

// holds takes nullif(x, empty) = y as x = y where it counts only whether a condition is true.
func (l *lowering) holds(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Binary:
		if x.Op == ir.And || x.Op == ir.Or {
			x.L, x.R = l.holds(x.L), l.holds(x.R)
		}
	case *ir.Compare:
		a, left := l.bare[x.L]
		b, right := l.bare[x.R]
		if x.Op == ir.Eq && left != right {
			if left && !isLOB(x.R) {
				x.L = a
			} else if right && !isLOB(x.L) {
				x.R = b
			}
		}
	case *ir.In:
		a, left := l.bare[x.X]
		if left && !x.Not && x.Query == nil {
			for _, v := range x.List {
				if s, ok := v.(*ir.String); !ok || s.Value == "" {
					return e
				}
			}
			x.X = a
		}
	}
	return e
}

func (l *lowering) like(e *ir.Like) ir.Expr {
	e.X, e.Pattern = l.blanks(e.X), l.blanks(e.Pattern)
	if x, ok := l.bare[e.Pattern]; ok && !e.Not {
		_ = x
	}
	if e.Escape == nil {
		if noBackslash(e.Pattern) {
			e.EscapeRune = '\\' // the target's own, which does not occur
		}
		return e
	}
	if s, ok := e.Escape.(*ir.String); ok && len([]rune(s.Value)) == 1 {
		if s.Value == `\` {
			e.Escape, e.EscapeRune = nil, '\\'
		}
		return e
	}
	if isNull(e.Escape) {
		return l.refuse(refusedExpression, e, "LIKE with ESCAPE NULL")
	}
	return e
}

// noBackslash tells a pattern that surely holds no backslash.
func noBackslash(e ir.Expr) bool {
	s, ok := e.(*ir.String)
	return ok && !strings.Contains(s.Value, `\`)
}

// concat joins texts: NULL counts as nothing, and nothing at all is NULL.
func (l *lowering) concat(e *ir.Concat) ir.Expr {
	if _, raw := e.Type.(types.Binary); raw {
		args := append([]ir.Expr(nil), e.Args...)
		h := l.p.Helper("utl_raw_concat", e, args...)
		return h
	}
	var args []ir.Expr
	sure, lob, all, empty := false, false, true, false
	for _, a := range e.Args {
		if isNull(a) {
			continue
		}
		a, open := l.open(l.blanks(a))
		empty = empty || open
		if inner, ok := a.(*ir.Concat); ok && inner.Null == ir.NullSkipped {
			for _, x := range inner.Args {
				sure = sure || l.surelyText(x)
				all = all && l.notNull(x)
			}
			args = append(args, inner.Args...)
			continue
		}
		lob = lob || isLOB(a)
		a = l.joinable(a)
		sure = sure || l.surelyText(a)
		all = all && l.notNull(a)
		args = append(args, a)
	}
	switch len(args) {
	case 0:
		return build.Make(&ir.Null{}, e, e.Type, code)
	case 1:
		switch {
		case !isText(args[0]):
			return build.As(args[0], "text", e.Type, code)
		case empty && !lob:
			return l.filled(args[0], e)
		}
		return args[0]
	}
	c := build.Make(&ir.Concat{Args: args, Null: ir.NullSkipped}, e, e.Type, code)
	if all && isText(args[0]) {
		c.Null = ir.NullPropagates
		return c
	}
	if sure || lob {
		return c
	}
	return l.filled(c, e)
}

// joinable takes the cast to text off an integer, which concat and || take as it is.
func (l *lowering) joinable(a ir.Expr) ir.Expr {
	if c, ok := a.(*ir.Cast); ok && c.Target {
		if n, text := c.To.(types.Named); text && n.Name == "text" && kindOf(c.X).whole() {
			return c.X
		}
	}
	return a
}

// surelyText tells a value that is never NULL and never empty.
func (l *lowering) surelyText(a ir.Expr) bool {
	if s, ok := a.(*ir.String); ok {
		return s.Value != ""
	}
	_, maybe := l.bare[a]
	return l.notNull(a) && !maybe && !isLOB(a)
}

// text lowers the functions of texts; ok is false for others.
func (l *lowering) text(c *ir.Call) (ir.Expr, bool) {
	switch c.Op {
	case op.OraUpper, op.OraLower:
		name := "upper"
		if c.Op == op.OraLower {
			name = "lower"
		} else if s, ok := c.Args[0].(*ir.String); ok && !isASCII(s.Value) {
			return build.Make(build.Text(capitals(s.Value)), c, c.Type, code), true
		} else if ir.Find(c.Args[0], func(n ir.Node) bool { x, ok := n.(*ir.Name); return ok && isText(x) }) {
			l.note(upperCase, c.Span, "%s", c.Span.Text())
		}
		x, empty := l.open(c.Args[0])
		return l.result(l.target(name, c, x), c, empty && !isLOB(c.Args[0])), true
	case op.OraLength:
		return l.length(c), true
	case op.OraLengthB:
		return l.target("octet_length", c, l.blanks(c.Args[0])), true
	case op.OraSubstr:
		return l.substr(c), true
	case op.OraInstr:
		if len(c.Args) == 2 && isText(c.Args[0]) {
			return l.target("strpos", c, l.blanks(c.Args[0]), l.blanks(c.Args[1])), true
		}
		return l.texts("instr", c, 2), true
	case op.OraInstrB:
		return l.texts("instrb", c, 2), true
	case op.OraSubstrB:
		return l.texts("substrb", c, 1), true
	case op.OraLPad, op.OraRPad:
		return l.pad(c), true
	case op.OraLTrim, op.OraRTrim:
		name := "ltrim"
		if c.Op == op.OraRTrim {
			name = "rtrim"
		}
		return l.trimmed(name, c), true
	case op.OraTrim:
		return l.trim(c), true
	case op.OraReplace:
		return l.replace(c), true
	case op.OraTranslate:
		return l.translate(c), true
	case op.OraInitCap:
		return l.helper("initcap", c, c.Args[0]), true
	case op.OraASCII:
		return l.helper("ascii", c, l.blanks(c.Args[0])), true
	case op.OraChr:
		switch v, ok := literalInt(c.Args[0]); {
		case ok && v == 0:
			return l.refuse(refusedFunction, c, "CHR(0), a character that no text of the target can hold,"), true
		case ok && v > 0 && v < 128:
			return l.target("chr", c, c.Args[0]), true
		case ok && v >= 128 && v < 256:
			return l.refuse(refusedFunction, c, "CHR(%d), a byte that is no character of AL32UTF8,", v), true
		}
		return l.helper("chr", c, decimalArgument(c.Args[0])), true
	case op.OraSoundex:
		return l.helper("soundex", c, c.Args[0]), true
	case op.Reverse:
		x, empty := l.open(l.blanks(c.Args[0]))
		return l.result(l.target("reverse", c, x), c, empty), true
	case op.OraUnistr:
		if s, ok := c.Args[0].(*ir.String); ok && strings.Contains(s.Value, `\0000`) {
			return l.refuse(refusedFunction, c, "UNISTR with the character 0, which no text of the target can hold,"), true
		}
		return l.target("unistr", c, c.Args[0]), true
	case op.OraRawToHex:
		if _, raw := c.Args[0].TypeOf().(types.Binary); !raw {
			return l.refuse(refusedFunction, c, "RAWTOHEX of a value that is no RAW"), true
		}
		return l.helper("rawtohex", c, c.Args[0]), true
	case op.OraHexToRaw:
		return l.helper("hextoraw", c, c.Args[0]), true
	case op.OraStandardHash:
		return l.helper("standard_hash", c, c.Args...), true
	case op.OraRegexpLike, op.OraRegexpReplace, op.OraRegexpSubstr, op.OraRegexpInstr, op.OraRegexpCount:
		return l.regexp(c), true
	}
	return nil, false
}

// result is a text that may be empty, or not.
func (l *lowering) result(x ir.Expr, like ir.Expr, empty bool) ir.Expr {
	if empty {
		return l.filled(x, like)
	}
	return x
}

// texts is a helper routine with so many texts before numbers.
func (l *lowering) texts(name string, c *ir.Call, n int) ir.Expr {
	args := make([]ir.Expr, len(c.Args))
	for i, a := range c.Args {
		switch {
		case i < n:
			args[i] = l.blanks(a)
		case types.IsNumeric(a.TypeOf()):
			args[i] = argument(a)
		default:
			args[i] = a
		}
	}
	return l.helper(name, c, args...)
}

func (l *lowering) length(c *ir.Call) ir.Expr {
	x := c.Args[0]
	if b, ok := x.TypeOf().(types.Binary); ok {
		if b.N > 0 {
			return l.refuse(refusedFunction, c, "LENGTH of a RAW")
		}
		return l.target("octet_length", c, x)
	}
	return l.target("length", c, l.blanks(x))
}

// substr: a position of at least 1 and a length of at least 1 are those of the target.
func (l *lowering) substr(c *ir.Call) ir.Expr {
	from, known := literalInt(c.Args[1])
	n, counted := int64(1), true
	if len(c.Args) == 3 {
		n, counted = literalInt(c.Args[2])
	}
	if !known || !counted || from < 0 || n < 1 || !isText(c.Args[0]) {
		return l.texts("substr", c, 1)
	}
	x, empty := l.open(l.blanks(c.Args[0]))
	args := []ir.Expr{x, build.Int(max(from, 1))}
	if len(c.Args) == 3 {
		args = append(args, c.Args[2])
	}
	return l.result(l.target("substr", c, args...), c, (empty || from > 1) && !isLOB(c.Args[0]))
}

// limitPad cuts the length to which a query pads a text to what a text has at most in SQL.
func (l *lowering) limitPad(c *ir.Call, in *ir.Select) {
	const most = 4000
	if n, ok := literalInt(c.Args[1]); ok && n > most && in != nil && !isLOB(c.Args[0]) {
		l.note(paddedLong, c.Span, "a length of %d", n)
		c.Args[1] = build.Int(most)
	}
}

func (l *lowering) pad(c *ir.Call) ir.Expr {
	name := "lpad"
	if c.Op == op.OraRPad {
		name = "rpad"
	}
	n, ok := literalInt(c.Args[1])
	fill := len(c.Args) == 2
	if !fill {
		s, literal := c.Args[2].(*ir.String)
		fill = literal && s.Value != ""
	}
	if !ok || n < 1 || !fill {
		return l.texts(name, c, 1)
	}
	args := append([]ir.Expr{l.blanks(c.Args[0])}, c.Args[1:]...)
	return l.target(name, c, args...)
}

func (l *lowering) trimmed(name string, c *ir.Call) ir.Expr {
	for _, a := range c.Args {
		if isNull(a) {
			return build.Make(&ir.Null{}, c, c.Type, code)
		}
	}
	x, _ := l.open(c.Args[0])
	if name == "ltrim" || len(c.Args) > 1 {
		x = l.blanks(x)
	}
	args := append([]ir.Expr{x}, c.Args[1:]...)
	return l.result(l.target(name, c, args...), c, !isLOB(c.Args[0]))
}

// trim: TRIM takes one character.
func (l *lowering) trim(c *ir.Call) ir.Expr {
	name := map[string]string{"": "trim", "both": "trim", "leading": "ltrim", "trailing": "rtrim"}[c.Word]
	if len(c.Args) == 2 {
		s, ok := c.Args[1].(*ir.String)
		if !ok || len([]rune(s.Value)) != 1 {
			side := c.Word
			if side == "" {
				side = "both"
			}
			return l.helper("trim_char", c, l.blanks(c.Args[0]), c.Args[1], build.Text(side))
		}
		if name == "trim" {
			name = "btrim"
		}
	}
	return l.trimmed(name, c)
}

func (l *lowering) replace(c *ir.Call) ir.Expr {
	s, ok := c.Args[1].(*ir.String)
	var with ir.Expr = build.Text("")
	plain := ok && s.Value != "" && isText(c.Args[0])
	if len(c.Args) == 3 && !isNull(c.Args[2]) {
		r, literal := c.Args[2].(*ir.String)
		plain = plain && literal
		if literal {
			with = r
		}
	}
	if !plain {
		return l.texts("replace", c, 3)
	}
	x, empty := l.open(l.blanks(c.Args[0]))
	return l.result(l.target("replace", c, x, c.Args[1], with), c, (empty || with.(*ir.String).Value == "") && !isLOB(c.Args[0]))
}

func (l *lowering) translate(c *ir.Call) ir.Expr {
	from, ok := c.Args[1].(*ir.String)
	to, ok2 := c.Args[2].(*ir.String)
	if !ok || !ok2 || to.Value == "" {
		return l.texts("translate", c, 3)
	}
	x, empty := l.open(l.blanks(c.Args[0]))
	return l.result(l.target("translate", c, x, from, to), c, empty || len([]rune(to.Value)) < len([]rune(from.Value)))
}

// user is the name of the user in upper case.
func (l *lowering) user(e ir.Expr) ir.Expr {
	return build.Call("upper", e, e.TypeOf(), code, build.Call("current_user", e, e.TypeOf(), code))
}
