// Package keys turns the keys of a table into constraints and indexes of the target.
package keys

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/fulltext"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	fullText = &diag.Code{
		ID: "PF0100", Title: "FULLTEXT index left out", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The index serves MATCH ... AGAINST only, which is a matter of its own; no row behaves differently without it.",
		Next: "Create a GIN index over to_tsvector(...) for the searches that are wanted.", Learn: 4, Each: 1,
	}
	words = &diag.Code{
		ID: "PF0104", Title: "FULLTEXT index becomes a GIN index over words", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "By the policy fulltext=tsvector the index is over to_tsvector('simple', ...) of its columns. It changes no rows; what a search finds is the matter of the search.",
		Next: "Choose a text search configuration of the language.",
	}
	invisible = &diag.Code{
		ID: "PF0101", Title: "invisible index becomes an ordinary one", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The source's planner ignores the index; the target's may use it. Results are the same.",
		Next: "Drop the index if it is not wanted.",
	}
	prefixIndex = &diag.Code{
		ID: "PF0102", Title: "index over a prefix", Severity: diag.Info, Fidelity: diag.Exact,
		Doc: "The target has no prefix indexes. A column of limited length is indexed whole; a longer one by left(column, n), which serves conditions that use the same expression. " +
			"Results are the same.",
		Next: "Check the plans of queries that used the index.",
	}
	spatial = &diag.Code{
		ID: "PF0103", Title: "SPATIAL index left out", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Spatial columns are kept as bytes; the index serves spatial conditions only.",
		Next: "Create a GiST index with PostGIS.",
	}
	prefixPrimary = &diag.Code{
		ID: "CN0101", Title: "primary key over a prefix", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "A primary key of the target holds whole columns. The key becomes a unique index over the prefix; the table has no primary key.",
		Next: "Choose a primary key.", Learn: 0.5, Each: 0.5,
	}
)

// Rule lowers keys.
var Rule = &rewrite.Rule{
	Code: "CN0100",
	Name: "keys",
	Doc: "PRIMARY KEY and UNIQUE over whole columns stay constraints. Other keys are CREATE INDEX statements behind the table, with names that are unique in the schema. A unique key over " +
		"a prefix is a unique index over left(column, n): only the prefix decides. A unique key over the columns of the primary key, or of another unique key, is a unique index: of two such constraints " +
		"CREATE TABLE makes only one. (MySQL Reference Manual, CREATE INDEX Statement; PostgreSQL manual, chapter 11.)",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT, KEY k (a DESC))",
		Target: "CREATE TABLE t (\n  a integer\n);\nCREATE INDEX k ON t (a DESC NULLS LAST)",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{fullText, words, invisible, prefixIndex, spatial, prefixPrimary},
	After: map[string]string{
		"constraintstates": "it leaves out what is disabled",
		"createtable":      "it settles which columns the table has",
		"foreignkeys":      "what a later rule puts behind a table stands nearer to it: the indexes before the foreign keys",
	},
	Looks: ir.Kinds(ir.KindCreateTable, ir.KindCreateIndex),
	Run:   run,
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		if s.Create != nil {
			create(p, s)
		}
	})
	p.Statements(func(n ir.Node) ir.Node {
		x, ok := n.(*ir.CreateIndex)
		if !ok || made(p, x) {
			return n
		}
		return index(p, x)
	})
}

func made(p *rewrite.Pass, n ir.Node) bool {
	for _, c := range n.Base().Origin {
		if c == p.Rule.Code {
			return true
		}
	}
	return false
}

func create(p *rewrite.Pass, s *define.Site) {
	t := s.Create
	var kept []*ir.KeyDef
	used := map[*catalog.Key]bool{}
	over := map[string]bool{} // the columns of constraints
	for _, c := range t.Columns {
		t.Keys = append(t.Keys, inline(c)...)
	}
	sortPrimaryFirst(t.Keys)
	for _, k := range t.Keys {
		ck := Find(s.Table, k, used)
		if Constraint(p, s.Table, k) && !again(over, k) {
			Name(k, ck)
			if k.Kind == catalog.Primary && k.Name.Text == "" && atColumn(t, k) {
				continue
			}
			kept = append(kept, k)
			comment(s, k)
			continue
		}
		if ck != nil && k.Kind == catalog.Unique {
			ck.Apart = true
		}
		if x := separate(p, s, k, ck); x != nil {
			s.Behind(x)
			comment(s, k)
		}
	}
	t.Keys = kept
}

// again tells a unique key over the columns of another constraint of the table: CREATE TABLE makes one of the two, under either name, and the other
// cannot be dropped.
func again(over map[string]bool, k *ir.KeyDef) bool {
	var b strings.Builder
	for _, part := range k.Parts {
		b.WriteString(strings.ToLower(part.Column.Text) + "\x00")
	}
	if k.Kind == catalog.Unique && !k.Deferrable && over[b.String()] {
		return true
	}
	over[b.String()] = !k.Deferrable
	return false
}

// atColumn writes a primary key of one column at the column, which makes it NOT NULL.
func atColumn(t *ir.CreateTable, k *ir.KeyDef) bool {
	if len(k.Parts) != 1 || len(k.Lead)+len(k.Trail) > 0 || k.Deferrable {
		return false
	}
	for _, c := range t.Columns {
		if strings.EqualFold(c.Name.Text, k.Parts[0].Column.Text) {
			c.Primary, c.NotNull = true, false
			return true
		}
	}
	return false
}

// inline takes the keys that a column declares itself.
func inline(c *ir.ColumnDef) []*ir.KeyDef {
	var out []*ir.KeyDef
	add := func(kind catalog.KeyKind) {
		k := &ir.KeyDef{Kind: kind, Parts: []*ir.KeyPart{{Column: c.Name}}}
		k.Span, k.Parts[0].Span = c.Span, c.Span
		out = append(out, k)
	}
	if c.Primary {
		add(catalog.Primary)
	}
	if c.Unique {
		add(catalog.Unique)
	}
	c.Primary, c.Unique = false, false
	return out
}

func sortPrimaryFirst(keys []*ir.KeyDef) {
	for i, k := range keys {
		if k.Kind == catalog.Primary && i > 0 {
			copy(keys[1:i+1], keys[:i])
			keys[0] = k
			return
		}
	}
}

// Find is the catalog's entry of a key definition: by name, or the first of the kind over the same columns.
func Find(t *catalog.Table, k *ir.KeyDef, used map[*catalog.Key]bool) *catalog.Key {
	if t == nil {
		return nil
	}
	if k.Object != nil && slices.Contains(t.Keys, k.Object) {
		if used != nil {
			used[k.Object] = true
		}
		return k.Object
	}
	for _, c := range t.Keys {
		match := k.Name.Text != "" && strings.EqualFold(c.Name, k.Name.Text) || k.Name.Text == "" && c.Kind == k.Kind && sameParts(c, k)
		if k.Kind == catalog.Primary {
			match = c.Kind == catalog.Primary
		}
		if match && !used[c] {
			if used != nil {
				used[c] = true
			}
			return c
		}
	}
	return nil
}

func sameParts(c *catalog.Key, k *ir.KeyDef) bool {
	if len(c.Parts) != len(k.Parts) {
		return false
	}
	for i, p := range c.Parts {
		if !strings.EqualFold(p.Column, k.Parts[i].Column.Text) {
			return false
		}
	}
	return true
}

// Name gives a key its name on the target. What has the name that the server gives by itself is made without one.
func Name(k *ir.KeyDef, c *catalog.Key) {
	switch {
	case c == nil && k.Kind == catalog.Primary || c != nil && c.Implicit:
		k.Name = ir.Ident{}
	default:
		IndexName(k, c)
	}
}

// IndexName gives a key that becomes an index its name: an index has none of its own.
func IndexName(k *ir.KeyDef, c *catalog.Key) {
	if c != nil && c.Target != "" {
		k.Name = ir.Ident{Text: c.Target}
	}
}

// Constraint tells whether a key can be a constraint, over whole columns in their usual order.
func Constraint(p *rewrite.Pass, t *catalog.Table, k *ir.KeyDef) bool {
	if k.Kind != catalog.Primary && k.Kind != catalog.Unique {
		return false
	}
	for _, part := range k.Parts {
		if part.Prefix > 0 && !whole(t, part) {
			return false
		}
		if part.Expr != nil || part.Desc && k.Kind == catalog.Unique {
			return false
		}
	}
	for _, part := range k.Parts {
		part.Prefix, part.Desc = 0, false
	}
	k.Using, k.Invisible = "", false
	return true
}

// Held tells whether a key of the catalog became a constraint; there is false if it was left out.
func Held(t *catalog.Table, k *catalog.Key) (constraint, there bool) {
	switch k.Kind {
	case catalog.Fulltext, catalog.Spatial:
		return false, false
	}
	if k.Index || k.Apart {
		return false, true
	}
	switch k.Kind {
	case catalog.Primary, catalog.Unique:
	default:
		return false, true
	}
	for _, part := range k.Parts {
		d := &ir.KeyPart{Column: ir.Ident{Text: part.Column}, Prefix: part.Prefix}
		if part.Column == "" || part.Desc && k.Kind == catalog.Unique || part.Prefix > 0 && !whole(t, d) {
			return false, true
		}
	}
	return true, true
}

// Implied tells that a table can have an index of a name that no key of the catalog has: one that a foreign key brought.
func Implied(t *catalog.Table, name string) bool {
	if t == nil || t.Column(name) != nil || strings.EqualFold(name, "primary") || strings.Contains(strings.ToLower(name), "_ibfk_") {
		return true
	}
	return slices.ContainsFunc(t.ForeignNames, func(f string) bool { return strings.EqualFold(f, name) })
}

// whole tells whether a prefix is the whole column.
func whole(t *catalog.Table, part *ir.KeyPart) bool {
	if c := column(t, part); c != nil {
		switch x := c.Type.(type) {
		case types.Text:
			return x.N > 0 && x.N <= part.Prefix
		case types.Binary:
			return x.N > 0 && x.N <= part.Prefix
		}
	}
	return false
}

func column(t *catalog.Table, part *ir.KeyPart) *catalog.Column {
	if t == nil || part.Expr != nil {
		return nil
	}
	return t.Column(part.Column.Text)
}

// Separate makes CREATE INDEX of a key that is no constraint; nil if the index is left out.
func Separate(p *rewrite.Pass, s *define.Site, k *ir.KeyDef) *ir.CreateIndex {
	return separate(p, s, k, Find(s.Table, k, nil))
}

func separate(p *rewrite.Pass, s *define.Site, k *ir.KeyDef, ck *catalog.Key) *ir.CreateIndex {
	switch k.Kind {
	case catalog.Fulltext:
		if p.Policy.Fulltext == "tsvector" {
			return gin(p, s, k, ck)
		}
		p.Report(fullText, k.Span, "index %s of %s", k.Name.Text, s.Name)
		return nil
	case catalog.Spatial:
		if p.Policy.Spatial == "postgis" {
			return gist(p, s, k, ck)
		}
		p.Report(spatial, k.Span, "index %s of %s", k.Name.Text, s.Name)
		return nil
	case catalog.Primary:
		p.Report(prefixPrimary, k.Span, "table %s", s.Name)
		k.Kind = catalog.Unique
	}
	if k.Invisible {
		p.Report(invisible, k.Span, "index %s of %s", k.Name.Text, s.Name)
	}
	IndexName(k, ck)
	if k.Name.Text == "" {
		k.Name.Text = s.TargetName() + "_" + partName(k) + "_idx"
	}
	k.Using, k.Invisible = "", false
	for _, part := range k.Parts {
		lowerPart(p, s, k, part)
	}
	x := &ir.CreateIndex{Table: s.Ref(), Key: k}
	if s.Create != nil {
		x.IfNotExists = s.Create.IfNotExists
	}
	return define.At(x, k.Span, p.Rule.Code)
}

// gist makes the index of a spatial key, by the policy spatial=postgis.
func gist(p *rewrite.Pass, s *define.Site, k *ir.KeyDef, ck *catalog.Key) *ir.CreateIndex {
	IndexName(k, ck)
	k.Kind, k.Using, k.Invisible, k.Comment = catalog.Index, "gist", false, ""
	for _, part := range k.Parts {
		part.Prefix, part.Desc, part.Nulls = 0, false, ir.NullsAny
	}
	return define.At(&ir.CreateIndex{Table: s.Ref(), Key: k}, k.Span, p.Rule.Code)
}

// gin makes the index of a full text key, by the policy fulltext=tsvector: over the words of all its columns.
func gin(p *rewrite.Pass, s *define.Site, k *ir.KeyDef, ck *catalog.Key) *ir.CreateIndex {
	IndexName(k, ck)
	p.Report(words, k.Span, "index %s of %s", k.Name.Text, s.Name)
	var names []*ir.Name
	for _, part := range k.Parts {
		x := &ir.Name{Parts: []ir.Ident{part.Column}}
		if c := column(s.Table, part); c != nil {
			x.Ref, x.Type = &ir.ColumnRef{Table: s.Table, Column: c}, c.Type
		}
		names = append(names, x)
	}
	k.Kind, k.Using, k.Invisible, k.Parser = catalog.Index, "gin", false, ""
	k.Parts = []*ir.KeyPart{{Expr: fulltext.Vector(names), Nulls: ir.NullsAny}}
	return define.At(&ir.CreateIndex{Table: s.Ref(), Key: k}, k.Span, p.Rule.Code)
}

func partName(k *ir.KeyDef) string {
	if len(k.Parts) > 0 && k.Parts[0].Column.Text != "" {
		return strings.ToLower(k.Parts[0].Column.Text)
	}
	return "expr"
}

// longKey is how many bytes of text an index entry takes for sure: a third of a page of 8 kB, less the header, at 4 bytes a character.
const longKey = 650

func lowerPart(p *rewrite.Pass, s *define.Site, k *ir.KeyDef, part *ir.KeyPart) {
	part.Nulls = ir.NullsAny
	c := column(s.Table, part)
	if part.Desc && (c == nil || c.Nullable) {
		part.Nulls = ir.NullsLast // the source sorts NULL first, so last in descending order
	}
	if part.Prefix == 0 || whole(s.Table, part) {
		part.Prefix = 0
		return
	}
	n := part.Prefix
	part.Prefix = 0
	if k.Kind == catalog.Index {
		if t, ok := typeOf(c).(types.Text); ok && t.N > 0 && t.N <= longKey {
			return
		}
		if t, ok := typeOf(c).(types.Binary); ok && t.N > 0 && t.N <= 4*longKey {
			return
		}
		p.Report(prefixIndex, k.Span, "index %s, column %s", k.Name.Text, part.Column.Text)
	}
	x := &ir.Name{Parts: []ir.Ident{part.Column}}
	x.Type = typeOf(c)
	if c != nil {
		x.Ref = &ir.ColumnRef{Table: s.Table, Column: c}
	}
	if _, binary := typeOf(c).(types.Binary); binary {
		part.Expr = define.Call("substr", x.Type, x, define.Num("1"), define.Num(strconv.Itoa(n)))
	} else {
		part.Expr = define.Call("left", x.Type, x, define.Num(strconv.Itoa(n)))
	}
	part.Column = ir.Ident{}
}

func typeOf(c *catalog.Column) types.Type {
	if c == nil {
		return types.Unknown{Why: "unknown column"}
	}
	return c.Type
}

func comment(s *define.Site, k *ir.KeyDef) {
	if k.Comment == "" || k.Name.Text == "" {
		return
	}
	s.Behind(&ir.CommentOn{Kind: "index", Name: s.Beside(k.Name.Text), Text: k.Comment})
	k.Comment = ""
}

// index lowers CREATE INDEX.
func index(p *rewrite.Pass, x *ir.CreateIndex) ir.Node {
	s := &define.Site{Pass: p, Stmt: x, Table: x.Table.Table, Name: x.Table.Name}
	text := x.Key.Comment
	c := separate(p, s, x.Key, Find(s.Table, x.Key, nil))
	if c == nil {
		return &ir.CommentStmt{StmtMeta: ir.StmtMeta{Meta: ir.Meta{Span: x.Span}}, Text: "left out: " + x.Span.Text()}
	}
	c.StmtMeta = x.StmtMeta
	c.Made(p.Rule.Code)
	c.IfNotExists = x.IfNotExists
	var out []ir.Stmt
	if x.OrReplace {
		out = append(out, &ir.Drop{Kind: "index", IfExists: true, Names: []ir.QName{s.Beside(c.Key.Name.Text)}})
	}
	out = append(out, c)
	if text != "" {
		out = append(out, &ir.CommentOn{Kind: "index", Name: s.Beside(c.Key.Name.Text), Text: text})
	}
	if len(out) == 1 {
		return c
	}
	return &ir.Splice{Stmts: out}
}
