// Package createtable lowers the forms of CREATE TABLE that the target does not have.
package createtable

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/columndefault"
	"godwit/ir/rewrite/columntypes"
	"godwit/ir/rewrite/define"
	"godwit/ir/rewrite/identity"
	"godwit/ir/rewrite/lateerrors"
	"godwit/ir/types"
	"slices"
)

// Findings of the rule.
var (
	versioned = &diag.Code{
		ID: "DD0101", Title: "system-versioned table without its history", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc: "The table keeps the rows of today. Their history (WITH SYSTEM VERSIONING) has no counterpart without an extension: rows that were changed or deleted are gone, and queries FOR SYSTEM_TIME are refused " +
			"(MariaDB Knowledge Base, System-Versioned Tables).",
		Next: "Keep history in a second table filled by a trigger, or use the temporal_tables extension; export the old rows with FOR SYSTEM_TIME ALL.", Learn: 8, Each: 4,
	}
	likeTriggers = &diag.Code{
		ID: "DD0102", Title: "CREATE TABLE ... LIKE does not copy the update trigger", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "LIKE copies columns, defaults, constraints and indexes. ON UPDATE CURRENT_TIMESTAMP is a trigger on the target, which LIKE does not copy.",
		Next: "Create the trigger for the new table too.", Each: 0.25,
	}
	unknownColumns = &diag.Code{
		ID: "DD0103", Title: "CREATE TABLE ... SELECT with unknown columns", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The types of the query's columns are not known, so that the table cannot be declared.",
		Next: "Give the script that makes the tables of the query.", Each: 0.5,
	}
	memory = &diag.Code{
		ID: "DD0104", Title: "MEMORY table", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "A MEMORY table loses its rows when the server restarts; the target's table keeps them.",
		Next: "Truncate the table at start, or make it UNLOGGED.",
	}
)

var copiedDefault = &diag.Code{
	ID: "DD0109", Title: "CREATE TABLE ... SELECT leaves a default out", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:  "The source gives the new column the default of the column that it is read from. Defaults that are no plain literals are left out.",
	Next: "Add the default to the new column if rows are inserted without it.", Each: 0.1,
}

var computedColumns = &diag.Code{
	ID: "DD0119", Title: "CREATE TABLE ... SELECT with computed columns", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "Where an expression can never be NULL, the source makes its column NOT NULL, and gives numbers the default 0, by rules of its own that differ between versions. The target's column takes NULL and has no default. " +
		"It is assumed that rows which are inserted later give the column a value.",
	Next: "Add NOT NULL and a default to the new column if rows are inserted without it.", Each: 0.05,
}

// Findings about storage engines.
var (
	remote = &diag.Code{
		ID: "DD0105", Title: "table of another server", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Tables of the engines FEDERATED, CONNECT and SPIDER read rows that are elsewhere (MySQL Reference Manual, The FEDERATED Storage Engine).",
		Next: "Create a foreign table with postgres_fdw or mysql_fdw.", Learn: 1, Each: 0.5,
	}
	blackHole = &diag.Code{
		ID: "DD0106", Title: "BLACKHOLE table keeps its rows", Severity: diag.Warning, Fidelity: diag.Approximate,
		Doc:  "A BLACKHOLE table takes rows and forgets them; the target's table keeps them (MySQL Reference Manual, The BLACKHOLE Storage Engine).",
		Next: "Add a BEFORE INSERT trigger that returns NULL.", Each: 0.25,
	}
	noTransactions = &diag.Code{
		ID: "DD0107", Title: "table without transactions", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Rows of a MyISAM, Aria, CSV, ARCHIVE or MEMORY table stay after ROLLBACK and after a statement that fails halfway; on the target both are undone (MySQL Reference Manual, Rollback Failure for Nontransactional Tables).",
		Next: "Nothing, unless rows are wanted that a ROLLBACK leaves behind.",
	}
)

var databaseDefault = &diag.Code{
	ID: "DD0108", Title: "ALTER DATABASE changes a default", Severity: diag.Info, Fidelity: diag.Exact,
	Doc:  "The charset and collation of a database are the defaults of tables that are made later, which get their collations from them; the target has no such default.",
	Next: "Nothing.",
}

// Rule lowers CREATE TABLE.
var Rule = &rewrite.Rule{
	Code: "DD0100",
	Name: "createtable",
	Doc: "CREATE OR REPLACE TABLE drops the table first. CREATE TABLE ... SELECT declares the columns with the types that the source gives them and inserts the rows. LIKE copies everything the " +
		"target can copy. Options without a meaning on the target (ENGINE, ROW_FORMAT, charset) fall away (MySQL Reference Manual, CREATE TABLE Statement).",
	Examples: []rewrite.Example{{
		Setup:  "CREATE TABLE s (a INT NOT NULL)",
		Source: "CREATE TABLE t AS SELECT a FROM s",
		Target: "CREATE TABLE t (\n  a integer NOT NULL\n);\nINSERT INTO t (a) SELECT a FROM s",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{versioned, likeTriggers, unknownColumns, memory, remote, blackHole, noTransactions, databaseDefault, copiedDefault, computedColumns},
	Looks:    ir.Kinds(ir.KindCreateTable, ir.KindCreateSchema),
	Run:      run,
}

// replaceSchema drops the schema first, with all that is in it.
func replaceSchema(p *rewrite.Pass, d *ir.CreateSchema) ir.Node {
	drop := &ir.Drop{Kind: "schema", IfExists: true, Cascade: true, Names: []ir.QName{ir.Qualified("", d.Name.Text)}}
	drop.Span, drop.Lead, d.Lead = d.Span, d.Lead, nil
	drop.Made(p.Rule.Code)
	d.OrReplace = false
	return &ir.Splice{Stmts: []ir.Stmt{drop, d}}
}

func run(p *rewrite.Pass) {
	p.Statements(func(n ir.Node) ir.Node {
		if d, ok := n.(*ir.CreateSchema); ok && d.Alter {
			p.Report(databaseDefault, d.Span, "database %s", d.Name.Text)
			return define.At(&ir.CommentStmt{Text: d.Span.Text()}, d.Span, p.Rule.Code)
		} else if ok && d.OrReplace {
			return replaceSchema(p, d)
		}
		t, ok := n.(*ir.CreateTable)
		if !ok || !t.Exists {
			return n
		}
		return define.At(&ir.CommentStmt{Text: "the table is there already: " + t.Span.Text()}, t.Span, p.Rule.Code)
	})
	define.Tables(p, func(s *define.Site) {
		t := s.Create
		if t == nil {
			return
		}
		if t.Versioned {
			p.Report(versioned, t.Span, "table %s", t.Name)
			t.Versioned = false
		}
		if t.Object != nil && !strings.EqualFold(t.Object.Name, t.Name.Name()) {
			t.Object, s.Table = nil, nil // renamed later in the script
		}
		if t.OrReplace {
			t.OrReplace = false
			s.Before(&ir.Drop{Kind: "table", IfExists: true, Names: []ir.QName{s.Target()}})
		}
		engine(p, t)
		if p.Refused() {
			return
		}
		t.Engine, t.Options = "", nil
		if t.Like != nil {
			like(p, s, t)
		}
		if t.As != nil {
			asQuery(p, s, t)
		}
	})
}

func engine(p *rewrite.Pass, t *ir.CreateTable) {
	switch strings.ToLower(t.Engine) {
	case "memory", "heap":
		if !t.Temporary {
			p.Report(memory, t.Span, "table %s", t.Name)
		}
	case "myisam", "aria", "csv", "archive":
		if !t.Temporary {
			p.Report(noTransactions, t.Span, "table %s, engine %s", t.Name, t.Engine)
		}
	case "blackhole":
		p.Report(blackHole, t.Span, "table %s", t.Name)
	case "federated", "connect", "spider":
		rewrite.Refuse(p, remote, t.Span, "table %s, engine %s", t.Name, t.Engine)
	}
}

// like takes the target's LIKE, which names the other table as the catalog does.
func like(p *rewrite.Pass, s *define.Site, t *ir.CreateTable) {
	from := p.Catalog.Table(t.Like.Schema(), t.Like.Name())
	if from == nil {
		return
	}
	q := ir.Qualified(from.TargetSchema, from.Target)
	if from.Kind == catalog.TempTable || from.Target == "" {
		q = ir.Qualified("", from.Target)
	}
	if from.Target != "" {
		t.Like = &q
	}
	t.Keys, t.LikeKeys = keysOf(from)
	columntypes.Share(p, ir.Qualified(from.TargetSchema, from.Target))
	for _, c := range from.Columns {
		if c.OnUpdateNow {
			p.Report(likeTriggers, t.Span, "column %s of %s", c.Name, from.Name)
		}
		if t.Object != nil {
			if own := t.Object.Column(c.Name); own != nil {
				own.Type, own.TargetType = c.Type, c.TargetType
				if c.AutoIncrement {
					identity.Remember(p, s, c.Name, true)
				}
			}
		}
	}
}

// keysOf writes out the keys of a table, which have names of their own in the copy; ok is false if some are over expressions.
func keysOf(t *catalog.Table) (list []*ir.KeyDef, ok bool) {
	for _, k := range t.Keys {
		d := &ir.KeyDef{Kind: k.Kind, Name: ir.Ident{Text: k.Name}}
		for _, part := range k.Parts {
			if part.Column == "" {
				return nil, false
			}
			d.Parts = append(d.Parts, &ir.KeyPart{Column: ir.Ident{Text: part.Column}, Prefix: part.Prefix, Desc: part.Desc})
		}
		list = append(list, d)
	}
	return list, true
}

// asQuery declares all columns and inserts the query's rows.
func asQuery(p *rewrite.Pass, s *define.Site, t *ir.CreateTable) {
	if t.Object == nil || len(t.Object.Columns) == 0 {
		rewrite.Refuse(p, unknownColumns, t.Span, "table %s", t.Name)
		return
	}
	own := map[string]bool{}
	for _, c := range t.Columns {
		own[strings.ToLower(c.Name.Text)] = true
	}
	in := &ir.Insert{Table: s.Ref(), Source: t.As}
	names := outputNames(t.As)
	for _, c := range t.Object.Columns {
		if !own[strings.ToLower(c.Name)] {
			if x, ok := c.Type.(types.Text); ok && x.N == 0 && x.MaxBytes == 0 && !p.Unit.PLSQL {
				x.MaxBytes = 1<<32 - 1 // the text of an expression, not VARCHAR(0)
				c.Type = x
			}
			d := &ir.ColumnDef{Name: ir.Ident{Text: c.Name}, Type: c.Type, NotNull: !c.Nullable, Object: c}
			d.Span = t.As.Base().Span
			if c.HasDefault {
				if d.Default = plainDefault(c); d.Default == nil {
					p.Report(copiedDefault, t.Span, "column %s of %s: DEFAULT %s", c.Name, t.Name, c.Default)
				} else {
					d.Default.Base().Span = d.Span
				}
			}
			t.Columns = append(t.Columns, d)
		}
	}
	for _, n := range names {
		c := t.Object.Column(n)
		if c == nil {
			rewrite.Refuse(p, unknownColumns, t.Span, "table %s: column %s", t.Name, n)
			return
		}
		x := &ir.Name{Parts: []ir.Ident{{Text: c.Name}}, Ref: &ir.ColumnRef{Table: t.Object, Column: c}}
		x.Type = c.Type
		in.Columns = append(in.Columns, x)
	}
	switch t.AsMode {
	case "ignore":
		in.OnError = ir.IgnoreErrors
	case "replace":
		in.Replace = true
	}
	if !p.Unit.PLSQL && computes(t.As) {
		p.Report(computedColumns, t.Span, "table %s", t.Name)
	}
	t.As, t.AsMode = nil, ""
	s.Behind(in)
}

// computes tells a query with columns that are neither stars, names nor NULL.
func computes(q ir.Query) bool {
	switch q := q.(type) {
	case *ir.Select:
		return slices.ContainsFunc(q.Items, func(i *ir.SelectItem) bool {
			switch i.Expr.(type) {
			case *ir.Name, *ir.Star, *ir.Null:
				return false
			}
			return true
		})
	case *ir.SetOp:
		return computes(q.L) || computes(q.R)
	}
	return true
}

// plainDefault is a default that the new column can have as well: a literal that the column takes as it is written.
func plainDefault(c *catalog.Column) ir.Expr {
	if d := columndefault.Literal(c); d != nil {
		return d
	}
	text := strings.TrimSpace(c.Default)
	literal := func(s string) ir.Expr {
		x := &ir.String{Value: s}
		x.Type = c.Type
		return x
	}
	switch t := c.Type.(type) {
	case types.Int:
		switch strings.ToLower(text) {
		case "true":
			return define.Num("1")
		case "false":
			return define.Num("0")
		}
	case types.Year:
		if len(text) == 4 && strings.Trim(text, "0123456789") == "" {
			return define.Num(text)
		}
	case types.Bit:
		if bits := strings.Trim(strings.TrimPrefix(strings.ToLower(text), "b"), "'"); bits != "" && strings.Trim(bits, "01") == "" && len(bits) <= t.N {
			return literal(strings.Repeat("0", t.N-len(bits)) + bits)
		}
	}
	if len(text) < 2 || text[0] != '\'' || text[len(text)-1] != '\'' || strings.ContainsAny(text[1:len(text)-1], `'\`) {
		return nil
	}
	text = text[1 : len(text)-1]
	switch t := c.Type.(type) {
	case types.Date, types.DateTime, types.Time:
		x := literal(text)
		if !lateerrors.Misfit(x, c.Type) {
			return x
		}
	case types.Enum:
		for _, v := range t.Values {
			if strings.EqualFold(v, text) {
				return literal(v)
			}
		}
	case types.Set:
		if slices.Contains(t.Values, text) || text == "" {
			return literal(text)
		}
	}
	return nil
}

func outputNames(q ir.Query) []string {
	row := q.Columns()
	if row == nil {
		return nil
	}
	return row.Names
}
