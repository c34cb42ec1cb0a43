// Package fulltext turns MATCH ... AGAINST into the target's text search, by the policy fulltext=tsvector.
package fulltext

import (
	"strings"
	"unicode"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
	"godwit/ir/types"
)

const code = "FN0480"

// Findings of the rule.
var (
	approximate = &diag.Code{
		ID: "FN0481", Title: "full text search by the target's own words", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: "By the policy fulltext=tsvector MATCH ... AGAINST searches to_tsvector('simple', ...) of the columns. Stop words, the least length of words, accents, the characters that end a word, and the rank of a row " +
			"differ (MySQL Reference Manual, Full-Text Search Functions; PostgreSQL manual, chapter 12).",
		Next: "Choose a text search configuration of the language, and compare what the searches find.", Learn: 2, Each: 0.5,
	}
	notSearched = &diag.Code{
		ID: "FN0482", Title: "full text search that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Query expansion, and in boolean mode a search text that is no literal or has operators other than + - \" *, have no counterpart in the target's text search.",
		Next: "Write the search with websearch_to_tsquery.", Learn: 1, Each: 0.5,
	}
)

// Rule is FN0480.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "fulltext",
		Doc: `By the policy fulltext=tsvector MATCH ... AGAINST becomes a search with @@: in natural language mode for any of the words, in boolean mode as its operators
+ - " and * say. As a number it is the rank of the row, 0 where nothing is found. Without the policy it is refused by name.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, a TEXT, FULLTEXT (a));",
			Source: "SELECT id FROM t WHERE MATCH (a) AGAINST ('+fox -dog' IN BOOLEAN MODE);",
			Target: "SELECT id\nFROM t\nWHERE to_tsvector('simple'::regconfig, coalesce(a, '')) @@ to_tsquery('simple'::regconfig, '''fox'' & !''dog''');",
			Policy: rewrite.Policy{Fulltext: "tsvector"},
		}},
		Fidelity: diag.Approximate,
		Findings: []*diag.Code{approximate, notSearched},
		Looks:    ir.Kinds(ir.KindMatch),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	if p.Policy.Fulltext != "tsvector" {
		return
	}
	found := map[ir.Expr]ir.Expr{}
	p.Exprs(func(e ir.Expr) ir.Expr {
		switch e := e.(type) {
		case *ir.Match:
			q := query(p, e)
			if q == nil {
				return e
			}
			p.Report(approximate, e.Span, "%s", e.Span.Text())
			at := define.At(define.Op(Vector(e.Columns), "@@", q, types.Bool{}), e.Span, code)
			rank := &ir.Case{Whens: []*ir.When{{Cond: at, Then: define.Call("ts_rank", e.Type, Vector(copies(e.Columns)), ir.Clone(q))}}, Else: define.Num("0")}
			rank.Span, rank.Type = e.Span, e.Type
			rank.Made(code)
			found[rank] = at
			return rank
		case *ir.Truth:
			if at, ok := found[e.X]; ok {
				return ir.Clone(at)
			}
		}
		return e
	})
}

func copies(list []*ir.Name) []*ir.Name {
	out := make([]*ir.Name, len(list))
	for i, x := range list {
		out[i] = ir.Clone(x)
	}
	return out
}

func config(text ir.Expr, function string, t types.Type) ir.Expr {
	return define.Call(function, t, define.Cast(define.Str("simple"), types.Named{Name: "regconfig"}), text)
}

// Vector are the words of columns.
func Vector(columns []*ir.Name) ir.Expr {
	var text ir.Expr
	for _, c := range columns {
		x := ir.Expr(define.Call("coalesce", types.Text{}, c, define.Str("")))
		if text == nil {
			text = x
			continue
		}
		text = define.Op(define.Op(text, "||", define.Str(" "), types.Text{}), "||", x, types.Text{})
	}
	return config(text, "to_tsvector", types.Named{Name: "tsvector"})
}

// query is the search as the target's tsquery; nil if it is refused.
func query(p *rewrite.Pass, m *ir.Match) ir.Expr {
	t := types.Named{Name: "tsquery"}
	mode := strings.ToLower(m.Mode)
	switch {
	case strings.Contains(mode, "expansion"):
	case strings.Contains(mode, "boolean"):
		lit, _ := define.Literal(m.Against)
		if s, ok := lit.(*ir.String); ok {
			if q, ok := boolean(s.Value); ok {
				return config(define.Str(q), "to_tsquery", t)
			}
		}
	default: // any of the words
		all := define.Cast(config(m.Against, "plainto_tsquery", t), types.Text{})
		return define.Cast(define.Call("replace", types.Text{}, all, define.Str("&"), define.Str("|")), t)
	}
	rewrite.Refuse(p, notSearched, m.Span, "%s", m.Span.Text())
	return nil
}

// boolean writes a search in boolean mode as a tsquery: words that must be there, else any of the others, and words that must not.
func boolean(text string) (string, bool) {
	var must, may, not []string
	for _, w := range split(text) {
		sign := byte(0)
		if w != "" && (w[0] == '+' || w[0] == '-') {
			sign, w = w[0], w[1:]
		}
		q, ok := word(w)
		if !ok {
			return "", false
		}
		switch sign {
		case '+':
			must = append(must, q)
		case '-':
			not = append(not, "!"+q)
		default:
			may = append(may, q)
		}
	}
	all := must
	if len(all) == 0 && len(may) > 0 {
		any := strings.Join(may, " | ")
		if len(may) > 1 && len(not) > 0 {
			any = "(" + any + ")"
		}
		all = []string{any}
	}
	if len(all) == 0 {
		return "", false // words that must not be there find nothing by themselves on the source
	}
	return strings.Join(append(all, not...), " & "), true
}

// split cuts a search at blanks outside of quotes.
func split(text string) []string {
	var out []string
	var b strings.Builder
	quoted := false
	for _, r := range text + " " {
		switch {
		case r == '"':
			quoted = !quoted
			b.WriteRune(r)
		case unicode.IsSpace(r) && !quoted:
			if b.Len() > 0 {
				out = append(out, b.String())
				b.Reset()
			}
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() > 0 {
		return []string{"("} // a quote without its end
	}
	return out
}

// word writes a word, a beginning of words, or a phrase.
func word(w string) (string, bool) {
	if len(w) > 2 && w[0] == '"' && w[len(w)-1] == '"' {
		var parts []string
		for _, x := range strings.Fields(w[1 : len(w)-1]) {
			q, ok := word(x)
			if !ok || strings.HasSuffix(q, ":*") {
				return "", false
			}
			parts = append(parts, q)
		}
		if len(parts) == 1 {
			return parts[0], true
		}
		return "(" + strings.Join(parts, " <-> ") + ")", len(parts) > 0
	}
	w, begins := strings.CutSuffix(w, "*")
	for _, r := range w {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			return "", false
		}
	}
	if w == "" {
		return "", false
	}
	q := "'" + w + "'"
	if begins {
		q += ":*"
	}
	return q, true
}
