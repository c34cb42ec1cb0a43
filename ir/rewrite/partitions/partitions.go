// Package partitions turns the PARTITION BY clause into a partitioned table and its partitions.
package partitions

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/define"
	"godwit/ir/types"
)

// Findings of the rule.
var (
	unpartitioned = &diag.Code{
		ID: "DD0161", Title: "partitioning left out", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: "The table is partitioned by an expression that PostgreSQL cannot use, as its keys would have to hold the expression. The table is created without partitions: it holds the same rows, but takes " +
			"rows that belong to no partition, and DROP PARTITION is not there.",
		Next: "Partition by a column of the primary key.", Learn: 4, Each: 1,
	}
	placement = &diag.Code{
		ID: "DD0162", Title: "rows go to other hash partitions", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "HASH and KEY partitions place rows by the target's hash of the columns. The table holds the same rows; only statements that name a partition see a difference.",
		Next: "Nothing, unless partitions are named in statements.",
	}
	nullRows = &diag.Code{
		ID: "DD0163", Title: "NULL in a range partition", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The source puts rows with NULL into the lowest range partition; a range partition of the target takes no NULL. A default partition takes these rows and no others.",
		Next: "Declare the column NOT NULL if it never is NULL.",
	}
	byItself = &diag.Code{
		ID: "DD0460", Title: "partitions that are made by themselves", Severity: diag.Info, Fidelity: diag.Exact,
		Doc: "INTERVAL and AUTOMATIC make a partition for values that belong to none. The target does not: a default partition takes these rows. The table holds the same rows " +
			"(Oracle SQL Language Reference, CREATE TABLE, range_partitions, INTERVAL).",
		Next: "Create partitions ahead of time, with pg_partman for instance; rows of the default partition have to be moved then.",
	}
	undivided = &diag.Code{
		ID: "DD0461", Title: "subpartitions left out", Severity: diag.Info, Fidelity: diag.Exact,
		Doc:  "The partitions of the target are not divided again. They hold the same rows.",
		Next: "Divide large partitions by hand where that pays.",
	}
	moved = &diag.Code{
		ID: "DD0832", Title: "rows that change their partition", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "Without ENABLE ROW MOVEMENT an UPDATE that would bring a row into another partition raises ORA-14402; the target moves the row. Assumed: no program relies on that error " +
			"(Oracle SQL Language Reference, CREATE TABLE, row_movement_clause).",
		Next: "Nothing; add a trigger if such changes must be refused.",
	}
	narrowSub = &diag.Code{
		ID: "DD0462", Title: "subpartitions left out that do not take every value", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The subpartitions have no DEFAULT or MAXVALUE: the source refuses rows that belong to none of them. The partitions of the target are not divided again and take these rows.",
		Next: "Add a CHECK constraint if rows must be refused.", Each: 0.25,
	}
)

// Rule lowers partitioning.
var Rule = &rewrite.Rule{
	Code: "DD0160",
	Name: "partitions",
	Doc: "PARTITION BY RANGE, LIST, HASH and KEY become declarative partitioning, each partition a table of its own, table_partition. Ranges of YEAR(d), TO_DAYS(d), TO_SECONDS(d) and UNIX_TIMESTAMP(d) become ranges of d. " +
		"(MySQL Reference Manual, Partitioning Types; PostgreSQL manual, 5.12 Table Partitioning.)",
	Examples: []rewrite.Example{{
		Source: "CREATE TABLE t (a INT NOT NULL) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
		Target: "CREATE TABLE t (\n  a integer NOT NULL\n)\nPARTITION BY RANGE (a);\nCREATE TABLE t_p0 PARTITION OF t FOR VALUES FROM (MINVALUE) TO (10);\n" +
			"CREATE TABLE t_p1 PARTITION OF t FOR VALUES FROM (10) TO (MAXVALUE)",
	}},
	Fidelity: diag.Exact,
	Findings: []*diag.Code{unpartitioned, placement, nullRows, byItself, undivided, narrowSub, moved},
	After:    map[string]string{"keys": "partitions stand right behind their table"},
	Looks:    ir.Kinds(ir.KindPartitionBy, ir.HasLike),
	Run:      run,
}

func run(p *rewrite.Pass) {
	define.Tables(p, func(s *define.Site) {
		if s.Create == nil {
			return
		}
		if s.Create.Like != nil {
			like(p, s)
		}
		if s.Create.Partition == nil {
			return
		}
		if strings.HasPrefix(s.Create.Partition.Kind, "system_time") {
			s.Create.Partition = nil // they divide the history, which is not kept
			return
		}
		as := ir.Clone(s.Create.Partition)
		l := &lowering{p: p, s: s, by: s.Create.Partition}
		by, parts, why := l.lower()
		if why != "" {
			p.Report(unpartitioned, l.by.Span, "table %s: %s", s.Name, why)
			s.Create.Partition = nil
			return
		}
		if l.by.Fixed {
			p.Report(moved, l.by.Span, "an UPDATE that brings a row of %s into another partition", s.Name)
		}
		by.Meta = l.by.Meta
		by.Made(p.Rule.Code)
		s.Create.Partition = by
		for _, x := range parts {
			s.Behind(x)
		}
		if l.check != nil {
			s.Behind(l.check)
		}
		remember(p, s, l, as)
	})
}

func key(s *define.Site) string { return "partitions:" + s.Target().String() }

// Name is the table of a partition.
func Name(s *define.Site, part string) ir.QName {
	return s.Beside(s.TargetName() + "_" + strings.ToLower(part))
}

type lowering struct {
	p     *rewrite.Pass
	s     *define.Site
	by    *ir.PartitionBy
	kind  string
	cols  []*ir.Name
	conv  func(ir.Expr) (ir.Expr, bool) // of a bound, nil if it stays
	last  []ir.Expr
	sub   *ir.PartitionBy
	parts []*ir.CreatePartition
	check *ir.AlterTable // of the partition for NULL
	list  []*part        // what Name says is a partition, in order
}

func (l *lowering) lower() (*ir.PartitionBy, []*ir.CreatePartition, string) {
	if l.s.Temporary() {
		return nil, nil, "a temporary table"
	}
	l.kind = map[string]string{"range": "range", "range columns": "range", "list": "list", "list columns": "list",
		"hash": "hash", "linear hash": "hash", "key": "hash", "linear key": "hash"}[strings.ToLower(l.by.Kind)]
	if l.kind == "" {
		return nil, nil, "partitioning by " + l.by.Kind
	}
	if why := l.columns(); why != "" {
		return nil, nil, why
	}
	if k := l.keyWithout(); k != nil {
		return nil, nil, "the key " + k.Target + " does not hold all columns by which the table is divided"
	}
	if why := l.subpartition(); why != "" {
		return nil, nil, why
	}
	for i, x := range l.by.Parts {
		if x.Name.Text == "" {
			x.Name.Text = "P" + strconv.Itoa(i+1)
		}
	}
	by := &ir.PartitionBy{Kind: l.kind}
	for _, c := range l.cols {
		by.Exprs = append(by.Exprs, c)
	}
	if l.kind == "hash" {
		l.p.Report(placement, l.by.Span, "table %s", l.s.Name)
		l.hash(l.s.Target(), l.count(), "p")
		return by, l.parts, ""
	}
	if why := l.divide(l.by.Parts); why != "" {
		return nil, nil, why
	}
	if l.by.Interval != nil || l.by.Automatic {
		l.rest()
		return by, l.parts, ""
	}
	list, why := l.nulls()
	return by, list, why
}

// keyWithout is a unique key that lacks a column by which the table is divided; the source's indexes need not be divided like their table.
func (l *lowering) keyWithout() *catalog.Key {
	if l.s.Table == nil {
		return nil
	}
	for _, k := range l.s.Table.UniqueKeys() {
		for _, c := range l.cols {
			found := false
			for _, part := range k.Parts {
				found = found || strings.EqualFold(part.Column, c.Parts[len(c.Parts)-1].Text)
			}
			if !found {
				return k
			}
		}
	}
	return nil
}

// rest adds the partition for rows that the source makes partitions for by itself. None of them has NULL.
func (l *lowering) rest() {
	l.p.Report(byItself, l.by.Span, "table %s", l.s.Name)
	name := Name(l.s, "default")
	x := &ir.CreatePartition{Name: name, Of: l.s.Target(), Default: true}
	x.Span = l.by.Span
	l.parts = append(l.parts, x)
	if l.by.Interval == nil || l.s.Table == nil {
		return
	}
	c := l.s.Table.Column(l.cols[0].Parts[len(l.cols[0].Parts)-1].Text)
	if c == nil || !c.Nullable {
		return
	}
	there := &ir.IsNull{X: l.column(c.Name), Not: true}
	there.Type = types.Bool{}
	l.check = &ir.AlterTable{Table: &ir.TableRef{Name: name}, Actions: []*ir.AlterAction{{Kind: "add check", Check: &ir.CheckDef{Expr: there}}}}
	l.check.Span = l.by.Span
}

func (l *lowering) count() int {
	if n := len(l.by.Parts); n > 0 {
		return n
	}
	return max(l.by.Count, 1)
}

// columns finds what to partition by: the columns named, the column inside a monotonic function, or the columns of a hash expression.
func (l *lowering) columns() string {
	exprs := l.by.Exprs
	if len(exprs) == 0 && l.kind == "hash" && l.s.Table != nil {
		if k := l.s.Table.PrimaryKey(); k != nil {
			for _, part := range k.Parts {
				l.cols = append(l.cols, l.column(part.Column))
			}
		}
	}
	for _, e := range exprs {
		e = ir.Bare(e)
		if n, ok := e.(*ir.Name); ok {
			l.cols = append(l.cols, n)
			continue
		}
		if l.kind == "hash" {
			l.cols = append(l.cols, namesIn(e)...)
			continue
		}
		n, conv := monotonic(e)
		if n == nil || len(exprs) > 1 || l.kind != "range" {
			return "the expression " + e.Base().Span.Text()
		}
		l.cols, l.conv = append(l.cols, n), conv
	}
	if len(l.cols) == 0 {
		return "no column to partition by"
	}
	for _, n := range l.cols {
		if r, ok := n.Ref.(*ir.ColumnRef); ok && r.Column != nil && r.Column.Generated != catalog.NotGenerated {
			return "column " + r.Column.Name + ", which is computed"
		}
	}
	return ""
}

func (l *lowering) column(name string) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{{Text: name}}}
	if c := l.s.Table.Column(name); c != nil {
		n.Ref, n.Type = &ir.ColumnRef{Table: l.s.Table, Column: c}, c.Type
	}
	return n
}

func namesIn(e ir.Expr) []*ir.Name {
	var out []*ir.Name
	ir.Walk(e, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			for _, o := range out {
				if strings.EqualFold(o.Parts[len(o.Parts)-1].Text, x.Parts[len(x.Parts)-1].Text) {
					return false
				}
			}
			out = append(out, x)
		}
		return true
	})
	return out
}

// monotonic finds the column in YEAR(column), TO_DAYS(column), TO_SECONDS(column) and UNIX_TIMESTAMP(column), and how a bound of the function is one of the column.
func monotonic(e ir.Expr) (*ir.Name, func(ir.Expr) (ir.Expr, bool)) {
	c, ok := e.(*ir.Call)
	if !ok || len(c.Args) != 1 {
		return nil, nil
	}
	n, ok := ir.Bare(c.Args[0]).(*ir.Name)
	if !ok {
		return nil, nil
	}
	switch n.Type.(type) {
	case types.Date, types.DateTime:
	case types.Timestamp:
		if strings.EqualFold(c.Name, "UNIX_TIMESTAMP") {
			return n, func(b ir.Expr) (ir.Expr, bool) {
				s, ok := whole(b)
				return define.Str(time.Unix(int64(s), 0).UTC().Format("2006-01-02 15:04:05+00")), ok
			}
		}
		return nil, nil
	default:
		return nil, nil
	}
	switch {
	case strings.EqualFold(c.Name, "TO_SECONDS"):
		return n, func(b ir.Expr) (ir.Expr, bool) {
			s, ok := whole(b)
			// TO_SECONDS('1970-01-01') is 62167219200.
			if _, date := n.Type.(types.Date); date && s%86400 != 0 {
				return nil, false // a bound within a day
			}
			return define.Str(time.Unix(int64(s)-62167219200, 0).UTC().Format("2006-01-02 15:04:05")), ok
		}
	case strings.EqualFold(c.Name, "YEAR"):
		return n, func(b ir.Expr) (ir.Expr, bool) {
			y, ok := whole(b)
			return define.Str(fmt.Sprintf("%04d-01-01", y)), ok && y > 0 && y < 10000
		}
	case strings.EqualFold(c.Name, "TO_DAYS"):
		return n, func(b ir.Expr) (ir.Expr, bool) {
			d, ok := days(b)
			return define.Str(d), ok
		}
	}
	return nil, nil
}

func whole(e ir.Expr) (int, bool) {
	lit, neg := define.Literal(e)
	n, ok := lit.(*ir.Number)
	if !ok || neg {
		return 0, false
	}
	i, err := strconv.Atoi(n.Text)
	return i, err == nil
}

// days is the date of a bound of TO_DAYS: a number of days since the year 0, or TO_DAYS of a literal.
func days(e ir.Expr) (string, bool) {
	if c, ok := ir.Bare(e).(*ir.Call); ok && strings.EqualFold(c.Name, "TO_DAYS") && len(c.Args) == 1 {
		lit, _ := define.Literal(c.Args[0])
		switch s := lit.(type) {
		case *ir.String:
			return date(s.Value)
		case *ir.Temporal:
			return date(s.Value)
		}
		return "", false
	}
	n, ok := whole(e)
	if !ok {
		return "", false
	}
	// TO_DAYS('1970-01-01') is 719528.
	return time.Unix(int64(n-719528)*86400, 0).UTC().Format("2006-01-02"), true
}

func date(s string) (string, bool) {
	t, err := time.Parse("2006-01-02", strings.TrimSpace(s))
	return t.Format("2006-01-02"), err == nil
}

// subpartition takes SUBPARTITION BY HASH or KEY.
func (l *lowering) subpartition() string {
	if l.by.SubKind == "" {
		return ""
	}
	if l.by.NullsHigh {
		switch open := l.open(); {
		case l.by.SubKind == "hash" || open:
			l.p.Report(undivided, l.by.Span, "table %s", l.s.Name)
		default:
			l.p.Report(narrowSub, l.by.Span, "table %s", l.s.Name)
		}
		return ""
	}
	sub := &ir.PartitionBy{Kind: "hash"}
	for _, e := range l.by.SubBy {
		for _, n := range namesIn(e) {
			sub.Exprs = append(sub.Exprs, n)
		}
	}
	if len(sub.Exprs) == 0 {
		return "subpartitions without columns"
	}
	l.p.Report(placement, l.by.Span, "subpartitions of table %s", l.s.Name)
	l.sub = sub
	return ""
}

// open tells that the subpartitions of every partition take every value.
func (l *lowering) open() bool {
	takes := func(list []*ir.Partition) bool {
		for _, x := range list {
			for _, e := range append(x.In, x.LessThan...) {
				switch e := e.(type) {
				case *ir.Default:
					return true
				case *ir.Name:
					if strings.EqualFold(e.Parts[0].Text, "MAXVALUE") && len(x.LessThan) == 1 {
						return true
					}
				}
			}
		}
		return len(list) == 0 && len(l.by.SubTemplate) == 0
	}
	if len(l.by.SubTemplate) > 0 && !takes(l.by.SubTemplate) {
		return false
	}
	for _, x := range l.by.Parts {
		if len(x.Subs) > 0 && !takes(x.Subs) {
			return false
		}
	}
	return true
}

// divide makes the partitions of a range or list.
func (l *lowering) divide(parts []*ir.Partition) string {
	for _, def := range parts {
		x := &ir.CreatePartition{Name: Name(l.s, def.Name.Text), Of: l.s.Target()}
		x.Span, x.Lead = def.Span, def.Lead
		why := ""
		if l.kind == "range" {
			why = l.rangeBounds(x, def)
		} else {
			why = l.listValues(x, def)
		}
		if why != "" {
			return why
		}
		x.Partition = l.sub
		l.parts = append(l.parts, x)
		l.list = append(l.list, &part{name: def.Name.Text, rel: x})
		if l.sub != nil {
			l.hash(x.Name, max(l.by.SubNum, 1), "sp")
		}
	}
	return ""
}

func bound(word string) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{{Text: word}}}
	n.Type = types.Null{}
	return n
}

func (l *lowering) rangeBounds(x *ir.CreatePartition, part *ir.Partition) string {
	x.Range = true
	x.From = l.last
	if x.From == nil {
		for range l.cols {
			x.From = append(x.From, bound("MINVALUE"))
		}
	}
	if len(part.LessThan) != len(l.cols) {
		return "partition " + part.Name.Text
	}
	for _, e := range part.LessThan {
		b, ok := l.value(e)
		if !ok {
			return "the bound " + e.Base().Span.Text()
		}
		x.To = append(x.To, b)
	}
	l.last = x.To
	return ""
}

// value writes a bound as a literal, which the target reads as a value of the column's type.
func (l *lowering) value(e ir.Expr) (ir.Expr, bool) {
	if n, ok := e.(*ir.Name); ok && len(n.Parts) == 1 && strings.EqualFold(n.Parts[0].Text, "MAXVALUE") {
		return bound("MAXVALUE"), true
	}
	if l.conv != nil {
		return l.conv(e)
	}
	if c, ok := ir.Bare(e).(*ir.Call); ok {
		if m := modelled(c); m != "" {
			return define.Str(m), true
		}
	}
	lit, neg := define.Literal(e)
	switch x := lit.(type) {
	case *ir.Number:
		return define.Num(map[bool]string{true: "-"}[neg] + x.Text), true
	case *ir.String:
		return define.Str(x.Value), true
	case *ir.Temporal:
		return define.Str(x.Value), true
	case *ir.Null:
		return x, true
	}
	return nil, false
}

func (l *lowering) listValues(x *ir.CreatePartition, part *ir.Partition) string {
	if len(l.cols) > 1 {
		return "a list of several columns"
	}
	for _, e := range part.In {
		if r, ok := e.(*ir.RowExpr); ok && len(r.Items) == 1 {
			e = r.Items[0]
		}
		if _, ok := e.(*ir.Default); ok && len(part.In) == 1 {
			x.Default = true
			return ""
		}
		b, ok := l.value(e)
		if !ok {
			return "the value " + e.Base().Span.Text()
		}
		x.In = append(x.In, b)
	}
	if len(x.In) == 0 {
		return "partition " + part.Name.Text
	}
	return ""
}

func (l *lowering) hash(of ir.QName, n int, prefix string) {
	for i := range n {
		name := fmt.Sprintf("%s%d", prefix, i)
		if prefix == "p" && i < len(l.by.Parts) {
			name = strings.ToLower(l.by.Parts[i].Name.Text)
		}
		x := &ir.CreatePartition{Name: ir.Qualified(of.Schema(), of.Name()+"_"+name), Of: of, Modulus: n, Remainder: i}
		x.Span = l.by.Span
		l.parts = append(l.parts, x)
	}
}

// nulls adds a default partition for NULL where columns of a range can be NULL.
func (l *lowering) nulls() ([]*ir.CreatePartition, string) {
	if l.kind != "range" || l.s.Table == nil {
		return l.parts, ""
	}
	var null ir.Expr
	for _, n := range l.cols {
		c := l.s.Table.Column(n.Parts[len(n.Parts)-1].Text)
		if c == nil || !c.Nullable {
			continue
		}
		x := &ir.IsNull{X: l.column(c.Name)}
		x.Type = types.Bool{}
		if null == nil {
			null = x
		} else {
			null = define.Or(null, x)
		}
	}
	if null == nil || l.by.NullsHigh && !unbounded(l.last) {
		return l.parts, ""
	}
	if l.by.NullsHigh {
		if len(l.cols) > 1 {
			return nil, "a range of several columns, some of which can be NULL"
		}
		// What is in no range below belongs to the highest one, as does NULL.
		top := l.parts[len(l.parts)-1]
		top.Range, top.From, top.To, top.Default = false, nil, nil, true
		return l.parts, ""
	}
	if len(l.cols) > 1 && !unbounded(l.last) {
		return nil, "a range of several columns, some of which can be NULL, with an upper bound"
	}
	l.p.Report(nullRows, l.by.Span, "table %s", l.s.Name)
	name := Name(l.s, "null")
	x := &ir.CreatePartition{Name: name, Of: l.s.Target(), Default: true}
	x.Span = l.by.Span
	check := &ir.AlterTable{Table: &ir.TableRef{Name: name}, Actions: []*ir.AlterAction{{Kind: "add check", Check: &ir.CheckDef{Expr: null}}}}
	check.Span = l.by.Span
	l.check = check
	l.parts = append(l.parts, x)
	return l.parts, ""
}

// unbounded tells whether a range has no upper bound: its first column has none.
func unbounded(last []ir.Expr) bool {
	if len(last) == 0 {
		return false
	}
	n, ok := last[0].(*ir.Name)
	return ok && len(n.Parts) == 1 && strings.EqualFold(n.Parts[0].Text, "MAXVALUE")
}
