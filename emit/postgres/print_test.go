package postgres

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Small constructors: the tests read like the trees they build.
func col(parts ...string) *ir.Name {
	n := &ir.Name{}
	for _, p := range parts {
		n.Parts = append(n.Parts, ir.Ident{Text: p})
	}
	return n
}
func num(s string) *ir.Number { return &ir.Number{Text: s} }
func str(s string) *ir.String { return &ir.String{Value: s} }
func bin(o ir.BinaryOp, l, r ir.Expr) *ir.Binary {
	return &ir.Binary{Op: o, L: l, R: r}
}
func cmpr(o ir.CompareOp, l, r ir.Expr) *ir.Compare { return &ir.Compare{Op: o, L: l, R: r} }
func neg(x ir.Expr) *ir.Unary                       { return &ir.Unary{Op: ir.Neg, X: x} }
func notx(x ir.Expr) *ir.Unary                      { return &ir.Unary{Op: ir.Not, X: x} }
func cast(x ir.Expr, t types.Type) *ir.Cast         { return &ir.Cast{X: x, To: t, Target: true} }
func targetOp(l ir.Expr, o string, r ir.Expr) *ir.TargetOp {
	return &ir.TargetOp{Op: o, L: l, R: r}
}
func tab(name string) *ir.TableRef { return &ir.TableRef{Name: ir.Qualified("", name)} }
func item(x ir.Expr, alias string) *ir.SelectItem {
	return &ir.SelectItem{Expr: x, Alias: ir.Ident{Text: alias}}
}
func sel(items []*ir.SelectItem, from ...ir.TableExpr) *ir.Select {
	return &ir.Select{Items: items, From: from}
}

var int4 = types.Int{Bits: 32}

func TestExpressions(t *testing.T) {
	a, b, c := col("a"), col("B"), col("t", "Order")
	for _, x := range []struct {
		e    ir.Expr
		want string
	}{
		{bin(ir.Mul, bin(ir.Add, a, b), c), `(a + b) * t."order"`},
		{bin(ir.Sub, a, bin(ir.Sub, b, c)), `a - (b - t."order")`},
		{bin(ir.Sub, bin(ir.Sub, a, b), c), `a - b - t."order"`},
		{bin(ir.Sub, a, neg(num("1"))), `a - -1`},
		{neg(neg(a)), `-(-a)`},
		{neg(num("-1")), `-(-1)`},
		{targetOp(neg(a), "^", num("2")), `-a ^ 2`},
		{neg(targetOp(a, "^", num("2"))), `-(a ^ 2)`},
		{cast(neg(num("1")), int4), `(-1)::integer`},
		{neg(cast(num("1"), int4)), `-1::integer`},
		{notx(cmpr(ir.Eq, a, b)), `NOT a = b`},
		{cmpr(ir.Eq, notx(a), b), `(NOT a) = b`},
		{cmpr(ir.Eq, cmpr(ir.Lt, a, b), c), `(a < b) = t."order"`},
		{&ir.IsNull{X: cmpr(ir.Eq, a, b)}, `(a = b) IS NULL`},
		{&ir.IsNull{X: bin(ir.Add, a, b), Not: true}, `a + b IS NOT NULL`},
		{cmpr(ir.NullSafeEq, a, &ir.Null{}), `a IS NOT DISTINCT FROM NULL`},
		{bin(ir.And, a, bin(ir.Or, b, c)), `a AND (b OR t."order")`},
		{bin(ir.Or, bin(ir.And, a, b), c), `(a AND b) OR t."order"`},
		{bin(ir.And, a, bin(ir.And, b, c)), `a AND (b AND t."order")`},
		{bin(ir.And, bin(ir.And, a, b), c), `a AND b AND t."order"`},
		{notx(bin(ir.And, a, b)), `NOT (a AND b)`},
		{bin(ir.BitOr, bin(ir.BitAnd, a, b), c), `(a & b) | t."order"`},
		{bin(ir.BitXor, bin(ir.Mul, a, b), c), `a * b # t."order"`},
		{&ir.Between{X: a, Lo: &ir.Collate{X: str("x"), Name: ir.Qualified("", "C")}, Hi: str("y"), Not: true}, `a NOT BETWEEN ('x' COLLATE "C") AND 'y'`},
		{&ir.Like{X: a, Pattern: &ir.Concat{Args: []ir.Expr{b, str("%")}}, EscapeRune: '\\'}, `a LIKE b || '%'`},
		{&ir.Like{X: a, Pattern: str(`x`), EscapeRune: '!', Not: true}, `a NOT LIKE 'x' ESCAPE '!'`},
		{&ir.Like{X: a, Pattern: str(`x`)}, `a LIKE 'x' ESCAPE ''`},
		{&ir.Collate{X: &ir.Concat{Args: []ir.Expr{a, b}}, Name: ir.Qualified("godwit_mysql", "ai_ci")}, `(a || b) COLLATE godwit_mysql.ai_ci`},
		{targetOp(targetOp(a, "AT TIME ZONE", str("UTC")), "AT TIME ZONE", b), `a AT TIME ZONE 'UTC' AT TIME ZONE b`},
		{targetOp(bin(ir.Add, a, b), "AT TIME ZONE", str("UTC")), `(a + b) AT TIME ZONE 'UTC'`},
		{targetOp(a, "->>", str("k")), `a ->> 'k'`},
		{cmpr(ir.Eq, targetOp(a, "->>", str("k")), str("v")), `a ->> 'k' = 'v'`},
		{&ir.In{X: a, List: []ir.Expr{num("1"), num("2")}, Not: true}, `a NOT IN (1, 2)`},
		{&ir.Case{Whens: []*ir.When{{Cond: cmpr(ir.Eq, a, b), Then: num("1")}}, Else: num("2")}, `CASE WHEN a = b THEN 1 ELSE 2 END`},
		{&ir.Truth{X: &ir.Name{ExprMeta: ir.ExprMeta{Type: int4}, Parts: a.Parts}}, `a <> 0`},
		{&ir.Truth{X: &ir.BoolValue{X: cmpr(ir.Eq, a, b)}}, `a = b`},
		{&ir.BoolValue{X: cmpr(ir.Eq, a, b)}, `(a = b)::integer`},
		{bin(ir.Add, &ir.BoolValue{X: cmpr(ir.Eq, a, b)}, num("1")), `(a = b)::integer + 1`},
		{&ir.TargetCall{Name: "coalesce", Args: []ir.Expr{a, &ir.Null{}}}, `coalesce(a, NULL)`},
		{&ir.TargetCall{Name: "current_date"}, `current_date`},
		{&ir.HelperCall{Name: "locate", Args: []ir.Expr{a}}, `godwit_mysql.locate(a)`},
		{&ir.Subscript{X: cast(a, types.Array{Elem: int4}), Index: num("1")}, `(a::integer[])[1]`},
		{&ir.Bytes{Value: []byte{0, 255}}, `'\x00ff'::bytea`},
		{&ir.Temporal{Kind: types.Date{}, Value: "2024-01-02"}, `date '2024-01-02'`},
		{str("it's"), `'it''s'`},
		{str(`a\b`), `'a\b'`},
		{str("a\rb\\"), `E'a\rb\\'`},
		{&ir.Aggregate{TargetName: "string_agg", Distinct: true, Args: []ir.Expr{a, str(",")}, OrderBy: []*ir.OrderItem{{Expr: a, Desc: true, Nulls: ir.NullsLast}}}, `string_agg(DISTINCT a, ',' ORDER BY a DESC NULLS LAST)`},
		{&ir.Aggregate{TargetName: "sum", Args: []ir.Expr{a}, Over: &ir.WindowDef{PartitionBy: []ir.Expr{b}, OrderBy: []*ir.OrderItem{{Expr: c, Nulls: ir.NullsFirst}}, Frame: &ir.Frame{Unit: "rows", Start: &ir.FrameBound{Kind: "unbounded preceding"}}}}, `sum(a) OVER (PARTITION BY b ORDER BY t."order" NULLS FIRST ROWS UNBOUNDED PRECEDING)`},
		{&ir.RowExpr{Items: []ir.Expr{a, b}}, `(a, b)`},
		{targetOp(nil, "~", targetOp(nil, "~", a)), `~ (~ a)`},
		{&ir.IsTruth{X: &ir.IsNull{X: a}, Not: true}, `(a IS NULL) IS NOT TRUE`},
		{&ir.Quantified{Op: ir.Lt, X: a, All: true, Query: sel([]*ir.SelectItem{item(b, "")}, tab("T"))}, `a < ALL (SELECT b FROM t)`},
		{cast(cast(a, int4), types.Text{}), `a::integer::text`},
		{cast(targetOp(a, "->>", str("x")), int4), `(a ->> 'x')::integer`},
	} {
		p := &printer{e: New(Options{})}
		got := emit.Layout(p.any(x.e), emit.Options{Width: 200, Indent: 2}).Text
		if got != x.want || len(p.problems) > 0 {
			t.Errorf("got  %s\nwant %s %v", got, x.want, p.problems)
		}
		if err := Parse("SELECT " + got); err != nil {
			t.Errorf("%s: %v", got, err)
		}
	}
}

// Printing and parsing keeps the tree: what the grammar reads from the text of (x) and of x with all parentheses is the same.
func TestStatements(t *testing.T) {
	span := func(text string) source.Span {
		return source.Span{File: source.NewFile("a.sql", text), End: len(text)}
	}
	long := sel([]*ir.SelectItem{item(col("a", "id"), ""), item(&ir.Concat{Args: []ir.Expr{col("a", "first_name"), str(" "), col("a", "last_name")}}, "Full Name"), item(col("a", "last_update"), "order")},
		&ir.Join{Kind: ir.LeftJoin, L: &ir.TableRef{Name: ir.Qualified("Sakila", "Actor"), Alias: ir.Ident{Text: "a"}}, R: tab("film_actor"), On: cmpr(ir.Eq, col("a", "id"), col("film_actor", "actor_id"))})
	long.Where = bin(ir.And, cmpr(ir.Gt, col("a", "id"), num("5")), &ir.IsNull{X: col("film_actor", "actor_id")})
	long.OrderBy = []*ir.OrderItem{{Position: 1, Desc: true, Nulls: ir.NullsAny}}
	long.Limit = num("10")
	long.Lead = []ir.Comment{{Text: "# all actors", OwnLine: true}}
	long.Items[0].Trail = []ir.Comment{{Text: "-- the key"}}
	long.Span = span("x")

	for _, x := range []struct {
		s    ir.Stmt
		want string
	}{
		{&ir.QueryStmt{Query: long}, `-- all actors
SELECT
  a.id, -- the key
  a.first_name || ' ' || a.last_name AS "full name",
  a.last_update AS order
FROM sakila.actor AS a
  LEFT JOIN film_actor ON a.id = film_actor.actor_id
WHERE a.id > 5 AND film_actor.actor_id IS NULL
ORDER BY 1 DESC
LIMIT 10`},
		{&ir.QueryStmt{Query: &ir.SetOp{Kind: ir.Union, All: true, L: sel([]*ir.SelectItem{item(num("1"), "")}), R: &ir.SetOp{Kind: ir.Union, L: sel([]*ir.SelectItem{item(num("2"), "")}), R: sel([]*ir.SelectItem{item(num("3"), "")})}}},
			`SELECT 1 UNION ALL (SELECT 2 UNION SELECT 3)`},
		{&ir.Insert{Table: tab("t"), Columns: []*ir.Name{col("a"), col("b")}, Source: &ir.Values{Rows: []*ir.RowExpr{{Items: []ir.Expr{num("1"), &ir.Default{}}}}},
			Conflict: &ir.Conflict{Columns: []ir.Expr{col("a")}, Sets: []*ir.Assign{{Column: col("b"), Value: &ir.Inserted{Column: col("b")}}}}, Returning: []*ir.SelectItem{item(col("a"), "")}},
			`INSERT INTO t (a, b) VALUES (1, DEFAULT) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING a`},
		{&ir.Update{Tables: []ir.TableExpr{tab("t")}, Sets: []*ir.Assign{{Column: col("t", "a"), Value: num("1")}, {Column: col("b"), Value: col("a")}}, Order: ir.Simultaneous, Where: cmpr(ir.Eq, col("a"), num("2"))},
			`UPDATE t SET a = 1, b = a WHERE a = 2`},
		{&ir.Delete{From: []ir.TableExpr{tab("t")}, Using: []ir.TableExpr{tab("u")}, Where: cmpr(ir.Eq, col("t", "a"), col("u", "a"))},
			`DELETE FROM t USING u WHERE t.a = u.a`},
		{&ir.CreateTable{Name: ir.Qualified("", "T"), Columns: []*ir.ColumnDef{
			{Name: ir.Ident{Text: "id"}, TypeSQL: "integer", NotNull: true, Identity: &ir.Identity{Start: "100"}},
			{Name: ir.Ident{Text: "user"}, TypeSQL: "varchar(20)", CollationSQL: &ir.QName{Parts: []ir.Ident{{Text: "godwit_mysql"}, {Text: "ai_ci"}}}, Default: str("x")},
			{Name: ir.Ident{Text: "n"}, TypeSQL: "smallint", Checks: []*ir.CheckDef{{Expr: &ir.Between{X: col("n"), Lo: neg(num("128")), Hi: num("127")}}}, Default: bin(ir.Add, num("1"), num("2"))},
			{Name: ir.Ident{Text: "g"}, TypeSQL: "integer", Generated: bin(ir.Mul, col("n"), num("2")), GenKind: catalog.Stored}},
			Keys: []*ir.KeyDef{{Kind: catalog.Primary, Parts: []*ir.KeyPart{{Column: ir.Ident{Text: "id"}}}}, {Kind: catalog.Unique, Name: ir.Ident{Text: "U"}, Parts: []*ir.KeyPart{{Column: ir.Ident{Text: "user"}}}}}},
			`CREATE TABLE t (
  id integer NOT NULL GENERATED BY DEFAULT AS IDENTITY (START WITH 100),
  "user" varchar(20) COLLATE godwit_mysql.ai_ci DEFAULT 'x',
  n smallint DEFAULT (1 + 2) CHECK (n BETWEEN -128 AND 127),
  g integer GENERATED ALWAYS AS (n * 2) STORED,
  PRIMARY KEY (id),
  CONSTRAINT u UNIQUE ("user")
)`},
		{&ir.AlterTable{Table: tab("c"), Actions: []*ir.AlterAction{{Kind: "add foreign", Foreign: &ir.ForeignKeyDef{Name: ir.Ident{Text: "fk"}, Columns: []ir.Ident{{Text: "p"}}, RefTable: ir.Qualified("", "p"), RefColumns: []ir.Ident{{Text: "id"}}, OnDelete: "cascade", OnUpdate: "NO ACTION"}}}},
			`ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE`},
		{&ir.CreatePartition{Name: ir.Qualified("", "t_p0"), Of: ir.Qualified("", "t"), Range: true, From: []ir.Expr{col("MINVALUE")}, To: []ir.Expr{str("2024-01-01")}},
			`CREATE TABLE t_p0 PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2024-01-01')`},
		{&ir.CreateIndex{Table: tab("t"), Key: &ir.KeyDef{Kind: catalog.Unique, Name: ir.Ident{Text: "i"}, Parts: []*ir.KeyPart{{Expr: &ir.TargetCall{Name: "left", Args: []ir.Expr{col("a"), num("5")}}, Nulls: ir.NullsAny}, {Column: ir.Ident{Text: "b"}, Desc: true, Nulls: ir.NullsLast}}}},
			`CREATE UNIQUE INDEX i ON t (left(a, 5), b DESC NULLS LAST)`},
		{&ir.CreateView{Name: ir.Qualified("", "v"), OrReplace: true, Columns: []ir.Ident{{Text: "X"}}, Security: "invoker", CheckOption: "cascaded", Query: sel([]*ir.SelectItem{item(col("a"), "")}, tab("t"))},
			"CREATE OR REPLACE VIEW v (x) WITH (security_invoker = true) AS\nSELECT a FROM t\nWITH CASCADED CHECK OPTION"},
		{&ir.CommentOn{Kind: "column", Name: ir.Qualified("", "t"), Column: ir.Ident{Text: "a"}, Text: "it's"}, `COMMENT ON COLUMN t.a IS 'it''s'`},
		{&ir.Unsupported{Text: "LOAD DATA\nINFILE 'x'", Code: "DD0001", What: "LOAD DATA"}, "-- not converted (DD0001): LOAD DATA\n-- LOAD DATA\n-- INFILE 'x'"},
		{routine(), `CREATE OR REPLACE FUNCTION f(a integer, INOUT b text)
RETURNS integer
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
  n integer := 0;
  c CURSOR FOR
    SELECT id FROM t;
BEGIN
  -- first
  n := n + 1; -- why
  <<l>>
  LOOP
    FETCH c INTO n;
    EXIT l WHEN NOT found;
    IF n > 5 THEN
      RAISE EXCEPTION '100%% wrong' USING ERRCODE = '45000';
    ELSIF n = 1 THEN
      NULL;
    ELSE
      UPDATE t SET a = 1;
      PERFORM f(n);
    END IF;
  END LOOP l;
  SELECT id INTO n FROM t;
  BEGIN
    INSERT INTO t VALUES (1);
  EXCEPTION
    WHEN unique_violation OR SQLSTATE '23000' THEN
      GET STACKED DIAGNOSTICS n = RETURNED_SQLSTATE;
  END;
  RETURN n;
END;
$$`},
	} {
		u := &ir.Unit{Stmts: []ir.Stmt{x.s}}
		if bad := ir.Verify(u, New(Options{}).Expressible); len(bad) > 0 {
			t.Errorf("%s: not expressible: %+v", x.want, bad[0].Why)
		}
		out := New(Options{}).Unit(u)
		if len(out) != 1 || len(u.Findings) > 0 {
			t.Errorf("outputs %v findings %v", out, u.Findings)
			continue
		}
		if d := cmp.Diff(x.want, out[0].SQL); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
		New(Options{}).Check(u, out)
		for _, f := range u.Findings {
			t.Errorf("%s", f.Message)
		}
	}
}

func routine() *ir.Routine {
	body := &ir.Block{Decls: []ir.Decl{
		&ir.VarDecl{Name: ir.Ident{Text: "N"}, Type: int4, Default: num("0")},
		&ir.CursorDecl{Name: ir.Ident{Text: "c"}, Query: sel([]*ir.SelectItem{item(col("id"), "")}, tab("t"))},
	}}
	first := &ir.SetVar{Items: []*ir.SetItem{{Target: col("n"), Value: bin(ir.Add, col("n"), num("1"))}}}
	first.Lead = []ir.Comment{{Text: "-- first", OwnLine: true}}
	first.Trail = []ir.Comment{{Text: "-- why"}}
	q := sel([]*ir.SelectItem{item(col("id"), "")}, tab("t"))
	q.Into = []ir.Expr{col("n")}
	body.Body = []ir.Stmt{
		first,
		&ir.Loop{Label: "l", Body: []ir.Stmt{
			&ir.FetchCursor{Name: "c", Into: []ir.Expr{col("n")}},
			&ir.Leave{Label: "l", When: notx(col("found"))},
			&ir.If{Branches: []*ir.Branch{
				{Cond: cmpr(ir.Gt, col("n"), num("5")), Body: []ir.Stmt{&ir.Raise{Level: "EXCEPTION", Message: str("100% wrong"), State: "45000"}}},
				{Cond: cmpr(ir.Eq, col("n"), num("1"))},
			}, Else: []ir.Stmt{
				&ir.Update{Tables: []ir.TableExpr{tab("t")}, Sets: []*ir.Assign{{Column: col("a"), Value: num("1")}}},
				&ir.Perform{Expr: &ir.TargetCall{Name: "f", Args: []ir.Expr{col("n")}}},
			}},
		}},
		&ir.SelectInto{Query: q},
		&ir.Block{Body: []ir.Stmt{&ir.Insert{Table: tab("t"), Source: &ir.Values{Rows: []*ir.RowExpr{{Items: []ir.Expr{num("1")}}}}}},
			Except: []*ir.ExceptArm{{Conditions: []string{"unique_violation", "SQLSTATE '23000'"}, Body: []ir.Stmt{&ir.GetDiagnostics{Stacked: true, Items: []*ir.DiagItem{{Target: col("n"), Name: "RETURNED_SQLSTATE"}}}}}}},
		&ir.Return{Value: col("n")},
	}
	return &ir.Routine{Name: ir.Qualified("", "f"), Kind: catalog.Function, Params: []*ir.ParamDecl{{Name: ir.Ident{Text: "a"}, Type: int4}, {Name: ir.Ident{Text: "b"}, Mode: catalog.InOut, Type: types.Text{}}},
		Body: body, Target: &ir.TargetRoutine{Function: true, Language: "plpgsql", Returns: "integer", Volatility: "STABLE"}}
}

func TestTriggerGivesTwoStatements(t *testing.T) {
	s := &ir.CreateTrigger{Name: ir.Qualified("", "Tr"), Timing: "before", Events: []string{"insert", "update"}, Table: tab("t"), ForEachRow: true,
		Function: ir.Qualified("s", "tr"), Target: &ir.TargetRoutine{Language: "plpgsql"}, TargetName: "a_tr",
		Body: &ir.Block{Body: []ir.Stmt{&ir.Raise{Level: "NOTICE", Message: str("$$")}, &ir.Return{Value: col("NEW")}}}}
	u := &ir.Unit{Stmts: []ir.Stmt{s}}
	out := New(Options{}).Check(u, New(Options{}).Unit(u))
	if len(out) != 2 || len(u.Findings) > 0 {
		t.Fatalf("%v %v", out, u.Findings)
	}
	if !strings.Contains(out[0].SQL, "AS $body$") || !strings.HasPrefix(out[0].SQL, "CREATE OR REPLACE FUNCTION s.tr()\nRETURNS trigger\n") {
		t.Error(out[0].SQL)
	}
	if want := "CREATE TRIGGER a_tr BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION s.tr()"; out[1].SQL != want {
		t.Errorf("got %s", out[1].SQL)
	}
	if out[0].Kind != "trigger" || out[1].Name != "t.a_tr" {
		t.Errorf("%+v", out)
	}
}

// What cannot be printed, or does not parse, refuses the unit, and its source stays as a comment.
func TestRefusal(t *testing.T) {
	f := source.NewFile("x.sql", "SELECT @a")
	span := source.Span{File: f, End: len(f.Text)}
	u := &ir.Unit{Span: span, Stmts: []ir.Stmt{&ir.QueryStmt{Query: sel([]*ir.SelectItem{item(&ir.UserVar{Name: "a"}, "")})}}}
	out := New(Options{}).Unit(u)
	if len(out) != 1 || !strings.Contains(out[0].SQL, "-- SELECT @a") || u.Findings[0].Code != "SY0101" || !strings.Contains(u.Findings[0].Message, "@a") {
		t.Errorf("%v %v", out, u.Findings)
	}
	u = &ir.Unit{Span: span, Stmts: []ir.Stmt{&ir.RawStmt{Text: "SELEC 1"}}}
	e := New(Options{})
	if out := e.Check(u, e.Unit(u)); len(out) != 1 || u.Findings[0].Code != "SY0100" || !strings.Contains(out[0].SQL, "-- SELECT @a") {
		t.Errorf("%v %v", out, u.Findings)
	}
	if err := Parse("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF THEN END; $$"); err == nil {
		t.Error("a broken body passed")
	}
	if err := Parse("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END"); err != nil {
		t.Error(err)
	}
}

func TestSourceMap(t *testing.T) {
	f := source.NewFile("m.sql", "SELECT a,\n b\nFROM t WHERE x")
	q := sel([]*ir.SelectItem{item(col("a"), ""), item(col("b"), "")}, tab("t"))
	q.Items[0].Span = source.Span{File: f, Start: 7, End: 8}
	q.Items[1].Span = source.Span{File: f, Start: 11, End: 12}
	q.Items[1].Expr.Base().Made("EX0001")
	q.Span = source.Span{File: f, End: len(f.Text)}
	out := New(Options{LineWidth: 10}).Unit(&ir.Unit{Stmts: []ir.Stmt{&ir.QueryStmt{Query: q}}})
	if out[0].SQL != "SELECT a, b\nFROM t" && out[0].SQL != "SELECT\n  a,\n  b\nFROM t" {
		t.Fatal(out[0].SQL)
	}
	var b emit.LineMap
	for l := range out[0].Lines.All() {
		if l.Line == 3 {
			b = l
		}
	}
	if b.Span.Line() != 2 || len(b.Rules) != 1 || b.Rules[0] != "EX0001" {
		t.Errorf("%+v", out[0].Lines)
	}
}

func TestTrailingCommentLeavesRoomForASemicolon(t *testing.T) {
	q := &ir.QueryStmt{Query: sel([]*ir.SelectItem{item(num("1"), "")})}
	q.Trail = []ir.Comment{{Text: "-- one /* */"}}
	out := New(Options{}).Unit(&ir.Unit{Stmts: []ir.Stmt{q}})
	if want := "SELECT 1 /* one / * * / */"; out[0].SQL != want {
		t.Errorf("got %s", out[0].SQL)
	}
	if err := Parse(out[0].SQL + ";"); err != nil {
		t.Error(err)
	}
}
