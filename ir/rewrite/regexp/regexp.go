// Package regexp holds the rule for regular expressions.
package regexp

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0312"

var (
	refused = &diag.Code{
		ID: "EX0313", Title: "regular expression without counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The pattern uses what PostgreSQL's advanced regular expressions do not have (PostgreSQL manual, "Pattern Matching"): possessive quantifiers, named groups, Unicode
properties and the like.`,
		Next: "write the pattern in PostgreSQL's syntax", Each: 0.3,
	}
	computed = &diag.Code{
		ID: "EX0314", Title: "regular expression that is not a literal", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `The pattern is computed, so that it cannot be translated: \b, for example, is a word boundary in MySQL's libraries and a control character in PostgreSQL (MySQL Reference Manual,
"Regular Expressions").`,
		Next: "check which patterns occur", Learn: 0.5, Each: 0.2,
	}
	lines = &diag.Code{
		ID: "EX0315", Title: "line breaks and regular expressions", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `In MySQL's libraries . does not match a line break, and $ matches before one at the end (MySQL Reference Manual, "Regular Expressions"); in PostgreSQL it is the other way
round. Assumed: the texts hold no line breaks.`,
		Each: 0.01,
	}
	longest = &diag.Code{
		ID: "EX0316", Title: "which of several matches is chosen", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `With alternatives or lazy quantifiers MySQL's libraries take the first alternative that matches, PostgreSQL the longest or shortest match as a whole (PostgreSQL
manual, "Regular Expression Matching Rules").`,
		Next: "check what the pattern finds", Learn: 0.25, Each: 0.2,
	}
)

var behindNull = &diag.Code{
	ID: "EX0317", Title: "REGEXP functions behind a NULL", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `Early versions of MySQL 8.0 give NULL for REGEXP_INSTR, REGEXP_SUBSTR and REGEXP_REPLACE in all rows that come behind one in which an argument is NULL, and for empty
texts; the converted code gives what the manual says (MySQL Reference Manual, "Regular Expressions").`,
	Next: "Nothing; compare with a later version of the source if the results differ.", Each: 0.01,
}

// Rule is EX0312.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "regexp",
		Doc: `REGEXP and the functions for regular expressions (MySQL Reference Manual, "Regular Expressions"; libraries ICU in MySQL 8, PCRE in MariaDB, Henry Spencer's
before). A literal pattern is translated to PostgreSQL's advanced regular expressions; case counts as the collation says, accents always. Regular expressions do not work
on PostgreSQL's nondeterministic collations, so such a text gets a deterministic one.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE w (ci VARCHAR(20) COLLATE utf8mb4_0900_ai_ci, bin VARCHAR(20) COLLATE utf8mb4_0900_bin);",
			Source: `SELECT ci FROM w WHERE ci REGEXP '^[a-b]an' AND bin NOT REGEXP '\\bx';`,
			Target: `SELECT ci FROM w WHERE ci COLLATE "und-x-icu" ~* '^[a-b]an' AND bin !~ '\yx';`,
		}},
		Findings: []*diag.Code{refused, computed, lines, longest, behindNull},
		After:    map[string]string{"cast": "the operands must be text", "flow-functions": "choices between texts have their collations"},
		Looks:    ir.Kinds(ir.KindRegexp, ir.CallsText),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p, &build.Deriver{P: p}}
			p.Exprs(func(e ir.Expr) ir.Expr {
				switch e := e.(type) {
				case *ir.Regexp:
					return l.match(e)
				case *ir.Call:
					return l.function(e)
				}
				return e
			})
		},
	}
}

type lowering struct {
	p *rewrite.Pass
	d *build.Deriver
}

// pattern translates a pattern. found tells that not only whether it matches counts, but what.
func (l *lowering) pattern(e ir.Expr, flavor string, found bool) ir.Expr {
	s, ok := build.TextLiteral(e)
	if !ok {
		l.p.Report(computed, e.Base().Span, "the regular expression %s is not translated", e.Base().Span.Text())
		return l.d.ByBytes(e, code)
	}
	if s == "" && flavor == "icu" {
		rewrite.Refuse(l.p, refused, e.Base().Span, "an empty regular expression is an error of the source")
		return e
	}
	t, err := translate(s, flavor)
	if err != nil {
		rewrite.Refuse(l.p, refused, e.Base().Span, "the regular expression %q uses %v", s, err)
		return e
	}
	if t.lines {
		l.p.Report(lines, e.Base().Span, "texts matched by %q are assumed to hold no line breaks", s)
	}
	if found && t.longest {
		l.p.Report(longest, e.Base().Span, "%q may find another match", s)
	}
	return build.Make(&ir.String{Value: t.pattern}, e, e.TypeOf(), "")
}

// subject gives a text a collation with which regular expressions work and letters are those of Unicode.
func (l *lowering) subject(e ir.Expr) ir.Expr {
	if l.d.Derive(e).Deterministic {
		return e
	}
	return build.Collated(e, ir.Qualified("", "und-x-icu"), types.Collation{}, code)
}

func (l *lowering) match(e *ir.Regexp) ir.Expr {
	_, bytes := e.X.TypeOf().(types.Binary)
	if _, ok := e.Pattern.TypeOf().(types.Binary); ok && !bytes {
		bytes = !l.exactCase(e)
	}
	if bytes {
		rewrite.Refuse(l.p, refused, e.Span, "a regular expression over a byte string")
		return e
	}
	o := "~"
	if e.Collation.CaseInsensitive {
		o = "~*"
	}
	if e.Not {
		o = "!" + o
	}
	return build.Op(o, e, types.Bool{}, code, l.subject(e.X), l.pattern(e.Pattern, e.Flavor, false))
}

// exactCase makes a text of the pattern of x REGEXP BINARY 'pattern', which is how case is made to count. It is false where the
// pattern could find single bytes of a character.
func (l *lowering) exactCase(e *ir.Regexp) bool {
	b, ok := e.Pattern.(*ir.Bytes)
	if !ok {
		return false
	}
	s := string(b.Value)
	rest := strings.NewReplacer(".*", "", ".+", "", `\\.`, "").Replace(s)
	if strings.ContainsAny(rest, ".") || strings.Contains(rest, "[^") || strings.Contains(rest, `\`) {
		return false
	}
	for i := range b.Value {
		if b.Value[i] == 0 || b.Value[i] > 127 {
			return false
		}
	}
	e.Pattern = build.Make(&ir.String{Value: s}, b, types.Text{N: len(s)}, code)
	e.Collation = types.Collation{}
	return true
}

func (l *lowering) function(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.RegexpLike, op.RegexpInstr, op.RegexpReplace, op.RegexpSubstr:
	default:
		return e
	}
	for _, a := range e.Args {
		switch a.TypeOf().(type) {
		case types.Binary:
			rewrite.Refuse(l.p, refused, e.Span, "%s over a byte string", e.Name)
			return e
		case types.Null:
			return build.Null(e, e.Type)
		}
	}
	if !build.IsConstant(e.Args[0]) {
		l.p.Report(behindNull, e.Span, "%s is assumed to be computed for each row by itself", e.Name)
	}
	if e.Op == op.RegexpReplace && l.emptyMatch(e) {
		rewrite.Refuse(l.p, refused, e.Span, "%s with a pattern that matches the empty text, which the libraries replace in different ways", e.Name)
		return e
	}
	flags, ok := l.flags(e)
	if !ok {
		rewrite.Refuse(l.p, refused, e.Span, "the match type of %s", e.Name)
		return e
	}
	x := l.subject(e.Args[0])
	pat := l.pattern(e.Args[1], e.Word, e.Op != op.RegexpLike)
	switch e.Op {
	case op.RegexpLike:
		o := "~"
		if strings.Contains(flags, "i") {
			o = "~*"
		}
		b := build.Op(o, e, types.Bool{}, code, x, pat)
		return build.Make(&ir.BoolValue{X: b}, e, e.Type, code)
	case op.RegexpReplace:
		return l.replace(e, x, pat, flags)
	case op.RegexpSubstr:
		args := append([]ir.Expr{x, pat}, l.numbers(e, 2, 2, flags != "")...)
		if flags != "" {
			args = append(args, build.Text(flags))
		}
		c := build.Call("regexp_substr", e, e.Type, code, args...)
		if e.Word != "pcre" {
			return c
		}
		if !build.IsSimple(e.Args[0]) && ir.Find(e.Args[0], changes) {
			rewrite.Refuse(l.p, refused, e.Span, "%s of a value that may change", e.Name)
			return e
		}
		// Without a match it is the empty text, but NULL for NULL.
		none := build.Call("left", e, e.Type, code, ir.Clone(x), build.Int(0))
		return build.Call("coalesce", e, e.Type, code, c, none)
	}
	args := append([]ir.Expr{x, pat}, l.numbers(e, 2, 3, flags != "")...)
	if flags != "" {
		args = append(args, build.Text(flags))
	}
	return build.Call("regexp_instr", e, e.Type, code, args...)
}

// changes tells what may give another value the second time.
func changes(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.RoutineCall, *ir.AssignExpr, *ir.NextValue, *ir.Subquery:
		return true
	case *ir.Call:
		i := op.Lookup(n.Op)
		return i == nil || i.Volatility == op.Volatile
	case *ir.TargetCall:
		return n.Name == "random" || n.Name == "gen_random_uuid" || n.Name == "clock_timestamp"
	}
	return false
}

// emptyMatch tells that a literal pattern can match the empty text at more than one place, or, in PCRE, anywhere.
func (l *lowering) emptyMatch(e *ir.Call) bool {
	s, ok := build.TextLiteral(e.Args[1])
	if !ok {
		return false
	}
	if e.Word != "pcre" && (strings.HasPrefix(s, "^") || strings.HasSuffix(s, "$")) && !strings.Contains(s, "|") {
		return false
	}
	r, err := regexp.Compile(strings.NewReplacer(`\b`, "", `\B`, "").Replace(s))
	return err != nil || r.MatchString("")
}

// flags are the target's match flags: case by the collation of the text, or as a literal match type says.
func (l *lowering) flags(e *ir.Call) (string, bool) {
	last := map[op.Op]int{op.RegexpLike: 2, op.RegexpReplace: 5, op.RegexpSubstr: 4, op.RegexpInstr: 5}[e.Op]
	ci := false
	if c, ok := types.CollationOf(e.Args[0].TypeOf()); ok {
		ci = c.CaseInsensitive
	}
	if len(e.Args) > last {
		s, ok := build.TextLiteral(e.Args[last])
		if !ok || strings.Trim(s, "ci") != "" {
			return "", false
		}
		for _, c := range s {
			ci = c == 'i'
		}
	}
	if ci {
		return "i", true
	}
	return "", true
}

// numbers are n integer arguments from an index on; those that are missing are 1 (or 0 for the return option) where flags follow.
func (l *lowering) numbers(e *ir.Call, from, n int, all bool) []ir.Expr {
	var out []ir.Expr
	for i := 0; i < n; i++ {
		switch {
		case from+i < len(e.Args):
			out = append(out, build.Integer(e.Args[from+i], code))
		case all && i == 2:
			out = append(out, build.Int(0))
		case all:
			out = append(out, build.Int(1))
		}
	}
	return out
}

func (l *lowering) replace(e *ir.Call, x, pat ir.Expr, flags string) ir.Expr {
	repl := e.Args[2]
	if s, ok := build.TextLiteral(repl); ok {
		v, err := replacement(s, e.Word)
		if err != nil {
			rewrite.Refuse(l.p, refused, repl.Base().Span, "the replacement %q has %v", s, err)
			return e
		}
		repl = build.Make(&ir.String{Value: v}, repl, repl.TypeOf(), "")
	} else {
		l.p.Report(computed, repl.Base().Span, "the replacement %s is not translated", repl.Base().Span.Text())
	}
	if len(e.Args) < 4 {
		return build.Call("regexp_replace", e, e.Type, code, x, pat, repl, build.Text("g"+flags))
	}
	args := []ir.Expr{x, pat, repl, build.Integer(e.Args[3], code)}
	if len(e.Args) > 4 {
		args = append(args, build.Integer(e.Args[4], code))
	} else {
		args = append(args, build.Int(0))
	}
	if flags != "" {
		args = append(args, build.Text(flags))
	}
	return build.Call("regexp_replace", e, e.Type, code, args...)
}
