package fuzz

import (
	"strings"
)

// grammar is a set of rules: the alternatives of each name. In an alternative <name> is a place for another rule, and [[a|b]] a choice of texts. A rule whose
// name ends in 0 holds the alternatives without depth of the rule before the 0.
type grammar map[string][]string

// grown are the kinds of what rules make.
var grown = map[string]Kind{"num": Number, "txt": Text, "dat": Date, "mom": Moment, "cnd": Cond, "stm": Stmt, "tim": Span, "doc": Doc}

// grow makes what a rule stands for.
func (g *Generator) grow(in grammar, rule string) *Node {
	kind := grown[rule]
	alternatives := in[rule]
	if leaves := in[rule+"0"]; leaves != nil && (g.depth <= 0 || g.chance(30)) {
		alternatives = leaves
	}
	if alternatives == nil {
		panic("no rule " + rule)
	}
	g.depth--
	defer func() { g.depth++ }()
	return g.expand(in, kind, alternatives[g.r.IntN(len(alternatives))])
}

// expand makes a piece from an alternative.
func (g *Generator) expand(in grammar, kind Kind, pattern string) *Node {
	out := &Node{Kind: kind}
	var text strings.Builder
	for i := 0; i < len(pattern); i++ {
		if strings.HasPrefix(pattern[i:], "[[") {
			end := i + strings.Index(pattern[i:], "]]")
			text.WriteString(g.expand(in, Other, g.pick(strings.Split(pattern[i+2:end], "|")...)).String())
			i = end + 1
			continue
		}
		name, ok := rulePlace(pattern[i:])
		if !ok {
			text.WriteByte(pattern[i])
			continue
		}
		out.Text = append(out.Text, text.String())
		text.Reset()
		out.Kids = append(out.Kids, g.piece(in, name))
		i += len(name) + 1
	}
	out.Text = append(out.Text, text.String())
	return out
}

// rulePlace is the name of a rule that a text begins with, between angles.
func rulePlace(s string) (string, bool) {
	if s[0] != '<' || len(s) < 3 || s[1] < 'a' || s[1] > 'z' {
		return "", false
	}
	end := strings.IndexByte(s, '>')
	if end < 0 || strings.ContainsAny(s[1:end], " (),.'=") {
		return "", false
	}
	return s[1:end], true
}

// piece is a rule, a list of it (name*: one to three, separated by commas; name+: one to four statements), or a column of the scope.
func (g *Generator) piece(in grammar, name string) *Node {
	switch {
	case strings.HasSuffix(name, "*"):
		var kids []*Node
		for range 1 + g.r.IntN(3) {
			kids = append(kids, form(Item, "$", g.grow(in, strings.TrimSuffix(name, "*"))))
		}
		return join(Other, kids, ", ")
	case strings.HasSuffix(name, "+"):
		var kids []*Node
		for range 1 + g.r.IntN(4) {
			kids = append(kids, form(Stmt, "$\n", g.grow(in, strings.TrimSuffix(name, "+"))))
		}
		return join(Other, kids, "")
	case name == "ncol":
		return g.columnIn(Number)
	case name == "tcol":
		return g.columnIn(Text)
	case name == "dcol":
		return g.columnIn(Date)
	case name == "mcol":
		return g.columnIn(Moment)
	case name == "scol":
		return g.spanIn()
	case name == "jcol":
		return g.docIn()
	}
	return g.grow(in, name)
}

// spanIn is a TIME column of the scope, or a literal.
func (g *Generator) spanIn() *Node {
	if len(g.scope[Span]) > 0 {
		return g.columnIn(Span)
	}
	return leaf(Span, "TIME '08:30:00'")
}

// docIn is a JSON column of the scope, or a literal.
func (g *Generator) docIn() *Node {
	if len(g.scope[Doc]) > 0 {
		return g.columnIn(Doc)
	}
	return leaf(Doc, "JSON_OBJECT('floors', 3, 'tags', JSON_ARRAY('a', 'c'))")
}
