package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// jsonFunction reads a JSON function that has clauses; nil if the name is none of them.
func (p *parser) jsonFunction(i int, name string) ir.Expr {
	x := &ir.JSONExpr{Name: strings.ToLower(name)}
	switch name {
	case "JSON_VALUE", "JSON_QUERY", "JSON_EXISTS", "JSON_MERGEPATCH", "JSON_SERIALIZE", "JSON_SCALAR", "JSON_EQUAL", "JSON_ARRAY", "JSON_ARRAYAGG":
		p.Next()
		p.jsonArgs(x)
	case "JSON_OBJECT", "JSON_OBJECTAGG":
		p.Next()
		p.jsonMembers(x)
	case "JSON_TRANSFORM":
		p.Next()
		x = p.jsonTransform(x, i)
	default:
		return nil
	}
	p.jsonClauses(x)
	p.Expect(kRP)
	x.Span = p.SpanFrom(i)
	if p.Kind() == kOver && p.Ahead(1) == kLP {
		p.Next()
		p.windowSpec()
		p.giveUp(i, codePart, name+" as a window function")
	}
	return x
}

// skipToParen steps over everything up to the parenthesis that closes the group at hand.
func (p *parser) skipToParen() {
	for depth := 0; ; p.Next() {
		switch p.Kind() {
		case kLP:
			depth++
		case kRP:
			if depth == 0 {
				return
			}
			depth--
		case kEOF, kSemi:
			p.Fail(kindName(kRP))
		}
	}
}

// jsonArgs reads the arguments of a JSON function up to its clauses.
func (p *parser) jsonArgs(x *ir.JSONExpr) {
	if p.Kind() == kSelect || p.Kind() == kWith {
		i := p.Pos
		q := p.query()
		x.Args, x.Text = []ir.Expr{&ir.Subquery{ExprMeta: p.sinceExpr(i), Query: q}}, "query"
		return
	}
	for p.Kind() != kRP && !p.atJSONClause() {
		x.Args = append(x.Args, p.expr())
		p.jsonFormat(x)
		if !p.Accept(kComma) {
			break
		}
	}
}

// jsonFormat reads FORMAT JSON behind the last argument.
func (p *parser) jsonFormat(x *ir.JSONExpr) {
	formatted := p.is("FORMAT") && p.acceptWords("FORMAT", "JSON")
	if formatted || x.Formatted != nil {
		for len(x.Formatted) < len(x.Args) {
			x.Formatted = append(x.Formatted, false)
		}
		x.Formatted[len(x.Args)-1] = formatted
	}
}

// jsonMembers reads the members of JSON_OBJECT and JSON_OBJECTAGG.
func (p *parser) jsonMembers(x *ir.JSONExpr) {
	for p.Kind() != kRP && !p.atJSONClause() {
		p.jsonMember(x)
		p.jsonFormat(x)
		if !p.Accept(kComma) {
			break
		}
	}
}

// jsonMember reads * or [KEY] name VALUE value, name : value, name IS value, or a column whose name is the key as it is written.
func (p *parser) jsonMember(x *ir.JSONExpr) {
	i := p.Pos
	if p.Kind() == kStar {
		star := &ir.Star{ExprMeta: expr(p.Span(p.Next()))}
		x.Keys, x.Args = append(x.Keys, star), append(x.Args, &ir.Star{ExprMeta: star.ExprMeta})
		return
	}
	if k := p.Ahead(1); p.is("KEY") && (isOperandStart(k) && k != kLP || k >= kAll && !p.isAt(p.Pos+1, "VALUE") && !p.isAt(p.Pos+1, "IS")) {
		p.Next()
		i = p.Pos
	}
	key := p.exprAbove(powerAdd)
	switch {
	case p.acceptWord("VALUE"), p.Accept(kIs), p.Accept(kColon):
	case p.Kind() == kBind:
		p.splitBind()
	default:
		if s, ok := key.(*ir.Star); ok {
			x.Keys, x.Args = append(x.Keys, s), append(x.Args, &ir.Star{ExprMeta: s.ExprMeta, Qualifier: s.Qualifier})
			return
		}
		if _, ok := key.(*ir.Name); !ok {
			p.Fail("VALUE", kindName(kColon))
		}
		last := p.Pos - 1
		name := strings.Trim(p.TextAt(last), `"`)
		x.Keys, x.Args = append(x.Keys, &ir.String{ExprMeta: expr(p.Span(i)), Value: name}), append(x.Args, key)
		return
	}
	x.Keys, x.Args = append(x.Keys, key), append(x.Args, p.expr())
}

// splitBind takes the colon off what looks like a bind variable and is the value behind a key.
func (p *parser) splitBind() {
	t := p.Cur()
	t.Start++
	s := p.Text()
	switch {
	case s[0] == '"':
		t.Kind = kQIdent
	case isDigit(s[0]):
		t.Kind = kNumber
		if n := p.Ahead(1); n == kNumber && p.At(p.Pos+1).Start == t.End { // :1.5 is read as :1 and .5
			t.End = p.At(p.Pos + 1).End
			*p.At(p.Pos + 1), *t = *t, scan.Token{Kind: kPlus, Start: t.Start, End: t.Start}
		}
	default:
		t.Word = theWords().Find(s)
		t.Kind = p.words[t.Word].kind
	}
}

// atJSONClause tells that a clause stands here, and no argument.
func (p *parser) atJSONClause() bool {
	switch p.Kind() {
	case kReturning, kWith, kOrder:
		return true
	case kNull:
		return p.Ahead(1) == kOn
	case kIdent:
		return p.isWords("ABSENT", "ON") || p.is("STRICT") && p.Ahead(1) != kComma && p.Ahead(1) != kDot
	}
	return false
}

// jsonClauses reads the clauses behind the arguments.
func (p *parser) jsonClauses(x *ir.JSONExpr) {
	for p.Kind() != kRP {
		i := p.Pos
		switch {
		case p.Accept(kReturning):
			x.Returning = p.castType()
			p.acceptWords("FORMAT", "JSON")
		case p.Kind() == kOrder:
			x.OrderBy = p.windowOrder()
		case p.is("PASSING"):
			p.Next()
			x.Passing = p.passing()
		case p.Kind() == kWith, p.is("WITHOUT"):
			p.jsonWith(x)
		case p.acceptWord("PRETTY"):
			x.Pretty = true
		case p.acceptWord("STRICT"):
			x.Strict = true
		case p.atJSONOn():
			p.jsonOutcome(x)
		default:
			p.jsonWord(x, i)
		}
	}
}

// jsonWords are the words of clauses that are kept as text.
var jsonWords = map[string]int{"ASCII": 1, "TRUNCATE": 1, "ORDERED": 1, "ALLOW": 2, "DISALLOW": 2, "KEEP": 2, "OMIT": 2, "LAX": 1, "JSON": 1, "SQL": 1}

// jsonWord reads a clause that is kept as text.
func (p *parser) jsonWord(x *ir.JSONExpr, i int) {
	n := jsonWords[p.upper(p.Pos)]
	switch {
	case n > 0:
		p.Pos += n
	case p.Kind() == kType && p.Ahead(1) == kLP, p.Kind() == kUsing && p.Ahead(1) == kLP:
		p.Next()
		p.parens()
	default:
		p.Fail(kindName(kComma), kindName(kRP))
	}
	x.Text = strings.TrimPrefix(x.Text+" "+p.Source(i), " ")
}

// jsonWith reads WITH or WITHOUT ... WRAPPER or UNIQUE KEYS.
func (p *parser) jsonWith(x *ir.JSONExpr) {
	i := p.Pos
	with := p.Kind() == kWith
	p.Next()
	if p.Accept(kUnique) {
		p.acceptWord("KEYS")
		x.Unique = with
		return
	}
	if p.acceptWord("TYPENAME") {
		x.Text = strings.TrimPrefix(x.Text+" "+p.Source(i), " ")
		return
	}
	x.Wrapper = p.wrapper(with)
}

// wrapper reads on behind WITH or WITHOUT: [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER.
func (p *parser) wrapper(with bool) string {
	w := p.acceptAny("CONDITIONAL", "UNCONDITIONAL")
	p.acceptWord("ARRAY")
	p.expectWord("WRAPPER")
	switch {
	case !with:
		return "without"
	case w == "CONDITIONAL":
		return "with conditional"
	}
	return "with"
}

// passing reads values with their names.
func (p *parser) passing() []*ir.SelectItem {
	var out []*ir.SelectItem
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		if p.Kind() == kBy || p.is("BY") { // BY VALUE
			p.Next()
			p.expectWord("VALUE")
		}
		n := &ir.SelectItem{Expr: p.expr()}
		if p.Accept(kAs) {
			n.Alias = p.anyIdent()
		}
		n.Span = p.SpanFrom(i)
		out = append(out, n)
	}
	return out
}

// atJSONOn tells that a clause with ON stands here.
func (p *parser) atJSONOn() bool {
	switch p.Kind() {
	case kNull, kTrue, kFalse, kDefault:
		return true
	case kIdent:
		switch p.Ahead(1) {
		case kOn:
			return p.is("ERROR") || p.is("EMPTY") || p.is("ABSENT") || p.is("IGNORE")
		case kIdent:
			return p.is("EMPTY") && (p.isAt(p.Pos+1, "ARRAY") || p.isAt(p.Pos+1, "OBJECT") || p.isAt(p.Pos+1, "STRING"))
		}
	}
	return false
}

// jsonOutcome reads a clause with ON into its field.
func (p *parser) jsonOutcome(x *ir.JSONExpr) {
	i := p.Pos
	first := p.upper(i)
	d, on := p.jsonOn()
	switch on {
	case "NULL":
		if first == "EMPTY" {
			x.Text = strings.TrimPrefix(x.Text+" "+p.Source(i), " ")
		}
		x.NullOn = strings.ToLower(first)
	case "EMPTY":
		x.OnEmpty = d
	case "ERROR":
		x.OnError = d
	default:
		x.Text = strings.TrimPrefix(x.Text+" "+p.Source(i), " ")
	}
}

// jsonOn reads NULL, ERROR, EMPTY, TRUE, FALSE or DEFAULT value with ON and its word, which it gives in upper case.
func (p *parser) jsonOn() (*ir.JSONDefault, string) {
	i := p.Pos
	d := &ir.JSONDefault{}
	switch k := p.Kind(); k {
	case kDefault:
		p.Next()
		d.Value = p.expr()
	case kNull:
		p.Next()
	case kTrue, kFalse:
		p.Next()
		d.Value = &ir.Bool{ExprMeta: expr(p.Span(i)), Value: k == kTrue}
	default:
		d = p.jsonOnWord(i)
	}
	p.Expect(kOn)
	if !p.isWord() {
		p.Fail("ERROR", "EMPTY", "NULL")
	}
	on := p.upper(p.Next())
	if p.Kind() == kLP { // ON MISMATCH (EXTRA DATA)
		p.parens()
	}
	d.Span = p.SpanFrom(i)
	return d, on
}

// jsonOnWord reads ERROR, EMPTY [ARRAY | OBJECT | STRING], ABSENT or IGNORE.
func (p *parser) jsonOnWord(i int) *ir.JSONDefault {
	d := &ir.JSONDefault{}
	switch w := p.upper(p.Next()); w {
	case "EMPTY":
		if k := p.acceptAny("ARRAY", "OBJECT", "STRING"); k != "" {
			w += " " + k
		}
		d.Value = &ir.Call{ExprMeta: p.sinceExpr(i), Name: w}
	case "ERROR":
		d.Error = true
	}
	return d
}

// isJSON reads on behind IS [NOT] JSON.
func (p *parser) isJSON(l ir.Expr, not bool) ir.Expr {
	i := p.Pos - 1
	x := &ir.JSONExpr{Name: "is_json", Args: []ir.Expr{l}, Not: not}
	paren := p.Kind() == kLP
	if paren {
		p.Next()
	}
	for {
		j := p.Pos
		switch {
		case p.acceptWord("STRICT"):
			x.Strict = true
		case p.acceptWords("FORMAT", "JSON"):
		case p.Kind() == kWith && p.Ahead(1) == kUnique, p.is("WITHOUT") && p.Ahead(1) == kUnique:
			p.jsonWith(x)
		case p.acceptAny("LAX", "VALUE", "OBJECT", "ARRAY", "SCALAR") != "", p.acceptWords("ALLOW", "SCALARS"), p.acceptWords("DISALLOW", "SCALARS"):
			x.Text = strings.TrimPrefix(x.Text+" "+p.Source(j), " ")
		case p.acceptWord("VALIDATE"):
			p.Accept(kUsing)
			p.expr()
			x.Text = strings.TrimPrefix(x.Text+" "+p.Source(j), " ")
		default:
			if paren {
				p.Expect(kRP)
			}
			x.Span = p.SpanFrom(i)
			x.Span.Start = l.Base().Span.Start
			return x
		}
	}
}

// ---- JSON_TABLE ----

// defaultColumn is the type of a column of JSON_TABLE that gives none.
var defaultColumn = types.Text{N: 4000, Unit: types.Bytes, EmptyIsNull: true, Collation: binaryCollation}

// jsonTable reads JSON_TABLE(...) without its alias.
func (p *parser) jsonTable() *ir.JSONTable {
	i := p.Next()
	p.Expect(kLP)
	t := &ir.JSONTable{Doc: p.expr()}
	p.acceptWords("FORMAT", "JSON")
	if p.Accept(kComma) {
		t.Path = p.expr()
	} else {
		t.Path = &ir.String{ExprMeta: expr(t.Doc.Base().Span), Value: "$"}
	}
	for !p.is("COLUMNS") {
		j := p.Pos
		switch {
		case p.acceptWord("PASSING"):
			t.Passing = p.passing()
		case p.atJSONOn():
			if d, on := p.jsonOn(); on == "EMPTY" {
				t.OnEmpty = d
			} else {
				t.OnError = d
			}
		case p.Kind() == kType && p.Ahead(1) == kLP:
			p.Next()
			p.parens()
			t.Text = p.Source(j)
		default:
			p.Fail("COLUMNS")
		}
	}
	t.Columns = p.jsonColumns()
	p.Expect(kRP)
	t.Span = p.SpanFrom(i)
	return t
}

// jsonColumns reads COLUMNS (...); the parentheses may be left out.
func (p *parser) jsonColumns() []*ir.JSONColumn {
	p.Enter()
	defer p.Leave()
	p.expectWord("COLUMNS")
	paren := p.Accept(kLP)
	var out []*ir.JSONColumn
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.jsonColumn())
	}
	if paren {
		p.Expect(kRP)
	}
	return out
}

func (p *parser) jsonColumn() *ir.JSONColumn {
	i := p.Pos
	c := &ir.JSONColumn{}
	if p.is("NESTED") && (p.Ahead(1) == kString || p.isAt(p.Pos+1, "PATH") || p.Ahead(1) == kIdent && (p.Ahead(2) == kLBracket || p.isAt(p.Pos+2, "COLUMNS") || p.Ahead(2) == kDot)) {
		p.Next()
		p.acceptWord("PATH")
		c.Path = p.jsonPath()
		for p.atJSONOn() {
			j := p.Pos
			p.jsonOn()
			c.Text = p.Source(j)
		}
		c.Nested = p.jsonColumns()
		c.Span = p.SpanFrom(i)
		return c
	}
	c.Name = p.ident()
	if p.Accept(kFor) {
		p.expectWord("ORDINALITY")
		c.Ordinality = true
		c.Span = p.SpanFrom(i)
		return c
	}
	p.jsonColumnRest(c, i)
	c.Span = p.SpanFrom(i)
	return c
}

// jsonColumnRest reads the type, the path and the clauses of a column. Without a path it is the member that is named as the column is
// written.
func (p *parser) jsonColumnRest(c *ir.JSONColumn, i int) {
	c.Type = defaultColumn
	if nameKinds[p.Kind()] != 0 && p.Kind() != kExists && !p.isWords("PATH") && !p.is("FORMAT") && !p.is("WITHOUT") && !p.atJSONOn() && !p.is("TRUNCATE") {
		c.Type = p.castType()
	}
	for {
		j := p.Pos
		switch {
		case p.Accept(kExists):
			c.Exists = true
		case p.acceptWords("FORMAT", "JSON"):
			c.Format = true
		case p.acceptWord("PATH"):
			c.Path = p.jsonPath()
		case p.Kind() == kWith, p.is("WITHOUT"):
			with := p.Kind() == kWith
			p.Next()
			c.Wrapper = p.wrapper(with)
		case p.atJSONOn():
			p.jsonColumnOn(c, j)
		case p.acceptWord("TRUNCATE"), p.acceptWord("ASCII"), p.acceptWords("KEEP", "QUOTES"), p.acceptWords("OMIT", "QUOTES"), p.acceptWords("ALLOW", "SCALARS"), p.acceptWords("DISALLOW", "SCALARS"):
			c.Text = strings.TrimPrefix(c.Text+" "+p.Source(j), " ")
		default:
			if c.Path == nil {
				name := p.TextAt(i)
				if p.At(i).Kind != kQIdent {
					name = `"` + name + `"`
				}
				c.Path = &ir.String{ExprMeta: expr(p.Span(i)), Value: "$." + name}
			}
			return
		}
	}
}

func (p *parser) jsonColumnOn(c *ir.JSONColumn, i int) {
	switch d, on := p.jsonOn(); on {
	case "EMPTY":
		c.OnEmpty = d
	case "ERROR":
		c.OnError = d
	default:
		c.Text = strings.TrimPrefix(c.Text+" "+p.Source(i), " ")
	}
}

// jsonPath reads a path: a text, or steps with dots as a column's value has them.
func (p *parser) jsonPath() ir.Expr {
	if p.Kind() == kString {
		return p.text()
	}
	i := p.Pos
	p.anyIdent()
	for p.Kind() == kDot || p.Kind() == kLBracket {
		if p.Accept(kDot) {
			p.anyIdent()
			continue
		}
		for p.Kind() != kRBracket {
			if p.Kind() == kEOF {
				p.Fail(kindName(kRBracket))
			}
			p.Next()
		}
		p.Next()
	}
	return &ir.String{ExprMeta: p.sinceExpr(i), Value: "$." + p.Source(i)}
}

// ---- JSON_TRANSFORM ----

// jsonChanges are the first words of operations; SET and INSERT are keywords.
var jsonChanges = []string{"SET", "INSERT", "REPLACE", "APPEND", "REMOVE", "RENAME", "KEEP"}

// jsonTransform reads the document and the operations of JSON_TRANSFORM, up to its clauses. What it does not know it keeps as text.
func (p *parser) jsonTransform(x *ir.JSONExpr, from int) *ir.JSONExpr {
	x.Args = []ir.Expr{p.expr()}
	for p.Accept(kComma) {
		i, word := p.Pos, ""
		for _, w := range jsonChanges {
			if p.is(w) || w == "SET" && p.Kind() == kSet || w == "INSERT" && p.Kind() == kInsert {
				word = w
			}
		}
		if word == "" || p.Ahead(1) != kString {
			p.skipToParen()
			x.Text = p.Source(i)
			return x
		}
		if x.Change != "" {
			x.Span = source.Cover(p.Span(from), p.Span(i-2)) // up to the comma
			x = &ir.JSONExpr{Name: x.Name, Args: []ir.Expr{x}}
		}
		p.Next()
		x.Change = strings.ToLower(word)
		x.Args = append(x.Args, p.text())
		p.jsonChange(x, i)
		if x.Text != "" {
			p.skipToParen()
			return x
		}
	}
	return x
}

// jsonChange reads on behind the path of an operation: the value, and what happens where something is missing or there.
func (p *parser) jsonChange(x *ir.JSONExpr, i int) {
	switch x.Change {
	case "keep":
		for p.Kind() == kComma && p.Ahead(1) == kString {
			p.Next()
			x.Args = append(x.Args, p.text())
		}
	case "remove":
	default:
		if !p.Accept(kEq) || p.is("PATH") {
			x.Text = p.Source(i)
			return
		}
		x.Args = append(x.Args, p.expr())
		if p.acceptWords("FORMAT", "JSON") {
			x.Formatted = []bool{false, false, true}
		}
	}
	for p.Kind() != kComma && p.Kind() != kRP && p.Kind() != kReturning && p.Kind() != kEOF {
		what := strings.ToLower(p.upper(p.Pos))
		on := strings.ToUpper(p.TextAt(p.Pos + 2))
		switch {
		case p.Ahead(1) == kOn && on == "MISSING" && (what == "ignore" || what == "error" || what == "create"):
			x.Missing = what
		case p.Ahead(1) == kOn && on == "EXISTING" && (what == "ignore" || what == "error" || what == "replace"):
			x.Existing = what
		case p.Ahead(1) == kOn && on == "NULL" && what == "null":
		default:
			x.Text = p.Source(i)
			return
		}
		p.Pos += 3
	}
}
