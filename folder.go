package godwit

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"godwit/emit"
	"godwit/emit/postgres"
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
)

// loadOrder is the order of kinds when a converted folder is loaded.
var loadOrder = map[string]int{
	"drop": -1, "schema": 0, "helper": 1, "type": 2, "sequence": 3, "table": 4, "data": 5, "function": 6, "view": 7, "procedure": 8,
	"index": 9, "constraint": 10, "event": 11, "trigger": 12, "other": 13,
}

// rightsKind is the kind of the one file with roles and their rights: roles belong to all databases of a server, so that it is not in
// order.txt.
const rightsKind = "grants"

// File is one file of a converted folder.
type File struct {
	Path string // schema/kind/name.sql, with "/" on every system
	Text string
	Map  *FileMap // nil for files that no source line stands behind
	// Load tells that the file is listed in order.txt; a file that holds only comments is not.
	Load bool

	kind, schema, name string
	rank               int
	late               bool      // a type that is made of the rows of tables: it is made behind them
	early              bool      // a function that generated columns call: it is made before the tables
	disk               *diskFile // has the text and the map already, nil if they are here
	maps               *mapText  // the map as it is written, nil if it is in Map
}

// FileMap tells for each line of a file where it came from.
type FileMap struct {
	File  string     `json:"file"`
	Lines []LineFrom `json:"lines"`
}

// LineFrom is the origin of one line.
type LineFrom struct {
	Line       int      `json:"line"`
	Source     string   `json:"source"`
	SourceLine int      `json:"source_line"`
	Rules      []string `json:"rules,omitempty"`
}

// FolderFinding is a finding in findings.json.
type FolderFinding struct {
	Code     string        `json:"code"`
	Severity diag.Severity `json:"severity"`
	Outcome  diag.Fidelity `json:"outcome"`
	Object   string        `json:"object"`
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Message  string        `json:"message"`
	Next     string        `json:"next,omitempty"`
}

// builder collects the text of one file.
type builder struct {
	file *File
	text strings.Builder
	line int
	disk *diskFile // where the text goes bit by bit, nil if it is kept
	any  bool      // something was written
	maps *mapText  // where lines go, nil for the file's Map
}

// grow makes room for the map of n lines.
func (b *builder) grow(n int) {
	if b.maps != nil {
		b.maps.buf = slices.Grow(b.maps.buf, mapSize(n))
		return
	}
	b.file.Map.Lines = slices.Grow(b.file.Map.Lines, n)
}

// mapped adds a line to the map.
func (b *builder) mapped(f LineFrom) {
	if b.maps != nil {
		b.maps.add(&f)
		return
	}
	b.file.Map.Lines = append(b.file.Map.Lines, f)
}

func (b *builder) write(s string) {
	b.any = b.any || s != ""
	b.text.WriteString(s)
	b.line += strings.Count(s, "\n")
}

// Files lays the conversion out as one file per object, in load order. The same input gives the same bytes.
func (c *Conversion) Files() []*File {
	l := newLayout(c)
	for _, u := range c.Units {
		l.unit(u)
	}
	return l.files()
}

func newLayout(c *Conversion) *layout {
	l := &layout{conv: c, builders: map[string]*builder{}, made: map[string]bool{}, lost: map[string]bool{}, triggers: map[string]bool{}, waiting: map[string][]*Unit{}, arrivedAt: map[string]bool{}, schemas: map[string]bool{}, changed: map[string]bool{}}
	l.later = l.makes(c.Units)
	return l
}

type layout struct {
	conv      *Conversion
	builders  map[string]*builder
	order     []*builder
	made      map[string]bool // objects by key
	lost      map[string]bool // those that are refused
	script    bool            // a statement of the script uses what was made before it
	copies    bool            // a table was made with rows of others: rows that come later are the script's
	triggers  map[string]bool // tables that have triggers: their rows are inserted behind these
	later     map[string]bool // tables and views that units make
	waiting   map[string][]*Unit
	arrivedAt map[string]bool // those of later that are made
	schemas   map[string]bool // of what stands in a script that is kept in its order
	changed   map[string]bool // scripts and tables that statements of them have changed; a script alone may have changed any
	dir       string          // where rows and scripts are written as they come, "" if they are kept
	disks     disks
	err       error
}

func (l *layout) at(kind, schema, name string) *builder {
	if schema == "" {
		schema = "public"
	}
	p := filePath(kind, schema, name)
	if kind == rightsKind {
		schema, p = "public", "grants.sql"
	}
	key := strings.ToLower(p)
	b := l.builders[key]
	if b == nil {
		b = &builder{file: &File{Path: p, kind: kind, schema: schema, name: name}, line: 1}
		if l.dir != "" && mapBesides(kind) {
			b.disk = &diskFile{rel: p, maps: mapText{file: p}}
		} else if l.dir != "" {
			b.maps = &mapText{file: p}
		}
		b.file.Map = &FileMap{File: p}
		l.builders[key] = b
		l.order = append(l.order, b)
	}
	return b
}

// filePath is the path of an object's file.
func filePath(kind, schema, name string) string {
	return fileName(schema) + "/" + fileName(kind) + "/" + fileName(name) + ".sql"
}

// fileName makes one path element of a name: what a file system may not like is written as %XX.
func fileName(s string) string {
	if isFileName(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|%`, r) || (i == 0 && r == '.') {
			fmt.Fprintf(&b, "%%%02X", r)
		} else {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return "%00"
	}
	return b.String()
}

// isFileName tells that a name is of letters, digits and the like only.
func isFileName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '_', c == '-', c == ' ':
		default:
			return false
		}
	}
	return s != ""
}

func (l *layout) unit(u *Unit) {
	if l.conv.turned && !apartFromTurns(u) {
		l.inTurn(u)
		return
	}
	if u.Status == diag.Refused {
		l.refused(u)
		return
	}
	if key, wait := l.ahead(u); wait {
		l.waiting[key] = append(l.waiting[key], u)
		return
	}
	l.fires(u)
	late := l.firesLate(u)
	shared, rest := shareFindings(u)
	if len(rest) > 0 {
		b := l.at("package", u.Outputs[len(u.Outputs)-1].Schema, l.conv.fold(u.Name))
		b.write(findingComments(rest))
	}
	var findings diag.List
	for i, o := range u.Outputs {
		findings = append(findings, shared[i]...)
		if o.Kind == "other" && u.Kind != rightsKind && onlyComment(o.SQL) {
			continue
		}
		kind, schema, name := o.Kind, o.Schema, o.Name
		if schema == "pg_temp" {
			kind = "other" // a block of the script has made it for itself
		}
		switch kind {
		case "", "other", "data", "query":
			if kind == "data" && i < len(u.Stmts) && makesTable(u) {
				kind, schema, name = l.copied(u.Stmts[i])
				break
			}
			kind, schema, name = l.loose(u)
		case "index", "table", "view", "sequence", "procedure", "function", "trigger":
			l.made[l.key(kind, schema, name)] = true
		}
		if kind == "" {
			continue
		}
		if late {
			l.script = true
			kind, schema, name = "other", "", "script"
		}
		if kind == "drop" {
			o.SQL = mayFind(o.SQL)
		}
		b := l.at(kind, schema, name)
		if b.any {
			b.write("\n")
		}
		b.write(findingComments(findings))
		findings = nil
		l.statement(b, o, u.rows)
		if (kind == "table" || kind == "view") && makesObject(u) {
			l.arrived(l.key(kind, schema, name))
		}
	}
	l.refreshed(u)
}

// fires notes the table of a trigger that fires for new rows.
func (l *layout) fires(u *Unit) {
	for _, s := range u.Stmts {
		if t, ok := s.(*ir.CreateTrigger); ok && t.Table != nil && slices.Contains(t.Events, "insert") {
			schema, name := tablePlace(t.Table)
			l.triggers[l.key("trigger", schema, name)] = true
		}
	}
}

// firesLate tells a trigger that is made behind a statement of its script which changed its table: the script makes it, behind that statement. In what
// order the scripts of a folder are run is not known.
func (l *layout) firesLate(u *Unit) bool {
	if u.Kind != "trigger" {
		return false // a table brings triggers of its own
	}
	for _, s := range u.Stmts {
		if t, ok := s.(*ir.CreateTrigger); ok && t.Table != nil {
			schema, name := tablePlace(t.Table)
			return l.changed[spanFile(u)] || l.changed[spanFile(u)+"\x00"+l.key("table", schema, name)]
		}
	}
	return false
}

// changes notes what a statement of the script changes.
func (l *layout) changes(u *Unit) {
	note := func(t *ir.TableRef) {
		if t != nil {
			schema, name := tablePlace(t)
			l.changed[spanFile(u)+"\x00"+l.key("table", schema, name)] = true
		}
	}
	for _, s := range u.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert:
				note(n.Table)
			case *ir.Update, *ir.Delete, *ir.Merge:
				ir.Walk(n, func(x ir.Node) bool {
					if t, ok := x.(*ir.TableRef); ok {
						note(t)
					}
					return true
				})
			case *ir.CallProc, *ir.RoutineCall, *ir.Execute:
				l.changed[spanFile(u)] = true
			}
			return true
		})
	}
}

// tablePlace names a table as its files do.
func tablePlace(r *ir.TableRef) (schema, name string) {
	if t := r.Table; t != nil && t.Target != "" {
		return t.TargetSchema, t.Target
	}
	return r.Name.Schema(), r.Name.Name()
}

// loose says where statements go that make no object: the rows of a dump to the table's data, what is dropped before it is
// made to the front, and the rest to one script in source order, which runs last. kind is "" for what has no place.
func (l *layout) loose(u *Unit) (kind, schema, name string) {
	script := func() (string, string, string) {
		l.script = true
		l.changes(u)
		return "other", "", "script"
	}
	if len(u.Stmts) == 0 {
		return script()
	}
	if (u.Kind == "sequence" || u.Kind == rightsKind) && u.Name != "" {
		return u.Kind, l.conv.fold(u.Schema), l.conv.fold(u.Name)
	}
	switch s := u.Stmts[0].(type) {
	case *ir.Use:
		return "", "", "" // every name has its schema
	case *ir.Insert:
		schema, name := tablePlace(s.Table)
		if u.rows && len(s.Returning) == 0 && !l.script && !l.copies && !l.triggers[l.key("trigger", schema, name)] && !l.made[l.key("view", schema, name)] {
			return "data", schema, name
		}
		return script()
	case *ir.Drop:
		return l.drop(s)
	case *ir.SetVar, *ir.CommentStmt, *ir.QueryStmt:
		return "other", "", "script"
	case *ir.Block:
		if t, ok := makesTables(u); ok {
			return "table", t.TargetSchema, t.Target
		}
	}
	if u.Kind != "" && u.Kind != "other" && u.Kind != "query" && u.Kind != "data" && u.Name != "" {
		return u.Kind, l.conv.fold(u.Schema), l.conv.fold(u.Name)
	}
	return script()
}

// drop forgets the object that is dropped if nothing has used it, so that its file holds the last definition only.
func (l *layout) drop(s *ir.Drop) (kind, schema, name string) {
	made, lost := false, false
	var keys []string
	for i, q := range s.Names {
		q := ir.Qualified(l.conv.fold(q.Schema()), l.conv.fold(q.Name()))
		kinds := []string{s.Kind}
		if s.Kind == "routine" {
			kinds = []string{"procedure", "function"}
		}
		if s.Kind == "trigger" && s.On != nil {
			on := l.conv.fold(s.On.Name.Name())
			q = ir.Qualified(l.conv.fold(s.On.Name.Schema()), on+"."+q.Name())
			if t := s.On.Table; t != nil && t.Target != "" {
				q = ir.Qualified(t.TargetSchema, t.Target+"."+q.Parts[len(q.Parts)-1].Text[len(on)+1:])
			}
		}
		if i < len(s.Tables) && s.Tables[i] != nil && s.Tables[i].Target != "" {
			q = ir.Qualified(s.Tables[i].TargetSchema, s.Tables[i].Target)
		}
		for _, k := range kinds {
			keys = append(keys, l.key(k, q.Schema(), q.Name()))
			made = made || l.made[keys[len(keys)-1]]
			lost = lost || l.lost[keys[len(keys)-1]]
		}
	}
	switch {
	case !made && lost && len(s.Names) == 1:
		return "", "", "" // what it drops is refused
	case s.Partition:
		l.script = true
		return "other", "", "script"
	case s.Kind == "schema" || !made:
		return "drop", "", "script"
	case l.script || s.Kind != "view" && s.Kind != "routine" && s.Kind != "trigger" || len(s.Names) > 1:
		l.script = true
		return "other", "", "script"
	}
	for _, k := range keys {
		l.forget(k)
	}
	return "", "", ""
}

// mayFind makes a DROP that runs in front of all definitions one that may find nothing: what the source drops there is made behind it, or refused.
func mayFind(sql string) string {
	at := postgres.FirstWord(sql)
	head := dropHead.FindString(sql[at:])
	if head == "" || strings.HasPrefix(sql[at+len(head):], "IF EXISTS ") {
		return sql
	}
	return sql[:at+len(head)] + "IF EXISTS " + sql[at+len(head):]
}

var dropHead = regexp.MustCompile(`^DROP (TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|ROUTINE|TYPE|TRIGGER|INDEX|SCHEMA) `)

func (l *layout) key(kind, schema, name string) string {
	if schema == "" {
		schema = "public"
	}
	return strings.ToLower(filePath(kind, schema, name))
}

// forget empties the file of an object.
func (l *layout) forget(key string) {
	delete(l.made, key)
	b := l.builders[key]
	if b == nil {
		return
	}
	delete(l.builders, key)
	kept := l.order[:0]
	for _, o := range l.order {
		if o != b {
			kept = append(kept, o)
		}
	}
	l.order = kept
}

func (l *layout) statement(b *builder, o postgres.Output, rows bool) {
	start := b.line
	if b.disk == nil {
		b.text.Grow(len(o.SQL) + 2) // nearly always all there is to come
	}
	b.write(strings.TrimRight(o.SQL, "\n"))
	if !onlyComment(o.SQL) {
		b.write(";")
		b.file.Load = b.file.kind != rightsKind
	}
	b.write("\n")
	if !rows {
		b.grow(o.Lines.Len())
	}
	for m := range o.Lines.All() {
		if f, ok := mapLine(m, start); ok {
			b.mapped(f)
			if rows {
				break // a dump has more lines than anyone asks for; those of a statement come from one
			}
		}
	}
	l.flush(b)
}

// flush hands the text of rows and scripts on to the disk.
func (l *layout) flush(b *builder) {
	if b.disk != nil && l.err == nil {
		l.err = l.disks.take(b)
	}
}

func mapLine(m emit.LineMap, start int) (f LineFrom, ok bool) {
	f = LineFrom{Line: start + m.Line - 1, SourceLine: m.Span.Line(), Rules: m.Rules}
	if m.Span.File != nil {
		f.Source = m.Span.File.Name
	}
	return f, f.Source != "" || len(f.Rules) > 0
}

// onlyComment tells that a text holds nothing to execute.
func onlyComment(sql string) bool {
	for {
		sql = sql[postgres.FirstWord(sql):]
		if sql == "" {
			return true
		}
		if sql[0] != ';' {
			return false
		}
		sql = sql[1:]
	}
}

// shareFindings gives each finding of a unit to the output of the statement in whose source it stands, so that each member of a package
// has its own. Those of no statement stand before the first; of a unit that makes several objects they are the rest.
func shareFindings(u *Unit) (shared []diag.List, rest diag.List) {
	shared = make([]diag.List, len(u.Outputs))
	if len(shared) == 0 {
		return nil, nil
	}
	_, members := u.tree.(*ir.Package)
	innermost := u.innermost(len(shared))
	for _, f := range u.Findings {
		best := innermost(f.Span)
		switch {
		case best >= 0:
			shared[best] = append(shared[best], f)
		case members:
			rest = append(rest, f)
		default:
			shared[0] = append(shared[0], f)
		}
	}
	return shared, rest
}

// innermost finds the shortest of the first n statements of a unit in whose source a place stands, -1 if there is none.
func (u *Unit) innermost(n int) func(source.Span) int {
	n = min(n, len(u.Stmts))
	order := make([]int, n) // by where they begin, longer ones first
	for i := range order {
		order[i] = i
	}
	span := func(i int) source.Span { return u.Stmts[i].Base().Span }
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(span(a).Start-span(b).Start, span(b).End-span(a).End)
	})
	around := make([]int, n) // of one in order, the next one before it that may reach further; -1 if there is none
	for k := range order {
		around[k] = k - 1
		for around[k] >= 0 && span(order[around[k]]).End <= span(order[k]).Start {
			around[k] = around[around[k]]
		}
	}
	return func(at source.Span) int {
		k, _ := slices.BinarySearchFunc(order, at.Start+1, func(i, start int) int { return span(i).Start - start })
		best, length := -1, math.MaxInt
		for k--; k >= 0; k = around[k] {
			s := span(order[k])
			if holds(s, at) && (s.End-s.Start < length || s.End-s.Start == length && order[k] < best) {
				best, length = order[k], s.End-s.Start
			}
		}
		return best
	}
}

func findingComments(l diag.List) string {
	var b strings.Builder
	for _, f := range l {
		if f.Severity >= diag.Review {
			fmt.Fprintf(&b, "-- godwit %s (%s, source line %d): %s\n", f.Code, f.Severity, f.Span.Line(), oneLine(f.Message))
		}
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// refused keeps the source of a refused unit as a comment.
func (l *layout) refused(u *Unit) {
	kind, schema, name := u.Kind, l.conv.fold(u.Schema), l.conv.fold(u.Name)
	switch {
	case u.rows && u.into != nil:
		kind = "data"
		schema, name = tablePlace(u.into)
	case kind == "" || name == "":
		kind, schema, name = "other", l.conv.fold(u.Schema), "script"
	}
	l.lost[l.key(kind, schema, name)] = true
	l.comment(l.at(kind, schema, name), u)
}

// comment writes what is refused.
func (l *layout) comment(b *builder, u *Unit) {
	if b.any {
		b.write("\n")
	}
	b.any = true
	fmt.Fprintf(&b.text, "-- godwit: not converted; source %s\n", oneLine(u.Source.String()))
	b.line++
	b.write(findingComments(u.Findings))
	first := b.line
	for i, s := range emit.CommentLines(u.Text) {
		if i == 0 || !u.rows {
			b.mapped(LineFrom{Line: first + i, Source: spanFile(u), SourceLine: u.Source.Line() + i})
		}
		b.write(s + "\n")
	}
	l.flush(b)
}

func spanFile(u *Unit) string {
	if u.Source.File == nil {
		return ""
	}
	return u.Source.File.Name
}

// owners makes the schemas that objects are in, where no statement makes them: the source has them with its users, or they are databases
// that the script names and does not create.
func (l *layout) owners() {
	there := map[string]bool{"public": true, l.conv.Options.Policy.HelperSchema: true}
	wanted := slices.Sorted(maps.Keys(l.schemas))
	for _, b := range l.order {
		switch {
		case b.file.kind == "schema":
			there[b.file.name], there[b.file.schema] = true, true
		case b.file.Load && loadOrder[b.file.kind] > 0 && b.file.kind != "helper":
			wanted = append(wanted, b.file.schema)
		}
	}
	for _, name := range wanted {
		if !there[name] {
			there[name] = true
			b := l.at("schema", name, name)
			b.write("CREATE SCHEMA IF NOT EXISTS " + postgres.Quote(name) + ";\n")
			b.file.Load = true
		}
	}
}

func (l *layout) files() []*File {
	l.rest()
	l.owners()
	if c := l.conv; c.HelperScript != "" {
		b := l.at("helper", c.Options.Policy.HelperSchema, "helpers")
		b.write(strings.TrimRight(c.HelperScript, "\n") + "\n")
		b.file.Load = true
	}
	ranks := viewRanks(l.conv)
	tables := tableRanks(l.conv)
	out := make([]*File, 0, len(l.order))
	var made []*File // types
	for i, b := range l.order {
		f := b.file
		f.Text, f.disk, f.maps = b.text.String(), b.disk, b.maps
		f.rank = i
		if f.kind == "view" {
			f.rank = ranks[strings.ToLower(f.schema+"."+f.name)]
		}
		if f.kind == "table" {
			f.rank = tables[strings.ToLower(f.schema+"."+f.name)]
		}
		if f.kind == "type" {
			made = append(made, f)
		}
		out = append(out, f)
	}
	for f, r := range typeRanks(made) {
		f.rank = r
	}
	lateTypes(made, out)
	programRanks(out)
	earlyFunctions(out)
	sort.SliceStable(out, func(i, j int) bool { return fileLess(out[i], out[j]) })
	return out
}

// kindRank is the place of the file's kind in the load order.
func (f *File) kindRank() int {
	if f.kind == "view" {
		return kindRank("function") // see programRanks
	}
	if f.late {
		return kindRank("table")
	}
	if f.early {
		return kindRank("sequence") // tables are next
	}
	return kindRank(f.kind)
}

func kindRank(kind string) int {
	if r, ok := loadOrder[kind]; ok {
		return r
	}
	return len(loadOrder)
}

func fileLess(a, b *File) bool {
	if x, y := a.kindRank(), b.kindRank(); x != y {
		return x < y
	}
	if a.kind == "type" || a.kind == "view" || a.kind == "function" || a.kind == "table" || a.kind == "other" || a.kind == "data" {
		if a.rank != b.rank {
			return a.rank < b.rank
		}
	}
	return a.Path < b.Path
}

// viewRanks orders views so that each comes behind the views it reads. Views that read each other in a circle
// (no server accepts them) keep the order of the source.
func viewRanks(c *Conversion) map[string]int {
	type view struct {
		key  string
		uses []string
	}
	var views []view
	key := func(schema, name string) string {
		if schema == "" {
			schema = "public"
		}
		return strings.ToLower(schema + "." + name)
	}
	for _, u := range c.Units {
		for i, s := range u.Stmts {
			cv, ok := s.(*ir.CreateView)
			if !ok || i >= len(u.Outputs) {
				continue
			}
			v := view{key: key(u.Outputs[i].Schema, u.Outputs[i].Name)}
			for _, t := range u.readsOf(cv) {
				v.uses = append(v.uses, key(t.TargetSchema, t.Target))
			}
			views = append(views, v)
		}
	}
	byKey := map[string]*view{}
	for i := range views {
		byKey[views[i].key] = &views[i]
	}
	rank, busy := map[string]int{}, map[string]bool{}
	var visit func(v *view)
	visit = func(v *view) {
		if _, done := rank[v.key]; done || busy[v.key] {
			return
		}
		busy[v.key] = true
		for _, k := range v.uses {
			if d := byKey[k]; d != nil {
				visit(d)
			}
		}
		rank[v.key] = len(rank)
	}
	for i := range views {
		visit(byKey[views[i].key]) // the last definition: a dump first makes views that stand in for it
	}
	return rank
}

// Findings lists all findings in a form for findings.json.
func (c *Conversion) Findings() []FolderFinding {
	n := len(c.General)
	for _, u := range c.Units {
		n += len(u.Findings)
	}
	out := make([]FolderFinding, 0, n)
	add := func(f diag.Finding) {
		ff := FolderFinding{Code: f.Code, Severity: f.Severity, Outcome: f.Fidelity, Object: f.Object, Line: f.Span.Line(), Message: f.Message, Next: f.Next}
		if f.Span.File != nil {
			ff.File = f.Span.File.Name
		}
		out = append(out, ff)
	}
	for _, f := range c.General {
		add(f)
	}
	for _, u := range c.Units {
		for _, f := range u.Findings {
			add(f)
		}
	}
	return out
}

// manifestName is the file that lists what the last conversion wrote, so that the next one removes what is gone.
const manifestName = ".godwit-manifest"

// WriteFolder writes the files, order.txt (one relative path per line in load order), findings.json and maps.jsonl (see ReadMap). Files
// of an earlier conversion that are not part of this one are removed, and nothing else is.
func (c *Conversion) WriteFolder(dir string) error { return c.writeFiles(dir, c.Files(), nil) }

// writeFiles writes files; d is what writes those that are on disk already.
func (c *Conversion) writeFiles(dir string, files []*File, d *disks) error {
	if err := beginFolder(dir); err != nil {
		return err
	}
	old, err := readManifest(dir)
	if err != nil {
		return err
	}
	w := newFolderWriter(dir)
	for _, f := range files {
		w.file(f, d)
	}
	w.write("findings.json", c.findingsText())
	if err := w.wait(); err != nil {
		return err
	}
	if err := finishManifest(dir, old, append(w.manifest, orderName), w.sums); err != nil {
		return err
	}
	return w.put(orderName, joinLines(w.order))
}

// orderName is the file that lists the others in load order. Without it a folder is none: it is taken away before anything is written and is
// the last to come, so that a conversion that stopped in between is not taken for a whole one.
const orderName = "order.txt"

// beginFolder takes the order of the last conversion away.
func beginFolder(dir string) error {
	if err := os.Remove(filepath.Join(dir, orderName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write %s: %w", dir, err)
	}
	return nil
}

// folderWriter writes the files of a folder, several at a time, and notes what it writes.
type folderWriter struct {
	dir             string
	order, manifest []string
	maps            []*[]byte       // of the files in order
	made            map[string]bool // folders that are there
	summing         sync.Mutex
	sums            map[string]fileSum // of the scripts
	// batch are files of one folder, written by one hand: two of them would wait for one another.
	batch  []fileText
	folder string
	jobs   chan []fileText
	hands  sync.WaitGroup
	failed chan error // holds the first error
}

// fileText is what a file holds; the map of its lines goes to maps.
type fileText struct {
	rel, text string
	lines     []LineFrom
	maps      *[]byte
}

// maxBatchFiles is how many files are written by one hand at a time.
const maxBatchFiles = 32

func newFolderWriter(dir string) *folderWriter {
	w := &folderWriter{dir: dir, made: map[string]bool{}, sums: map[string]fileSum{}, jobs: make(chan []fileText, backlog), failed: make(chan error, 1)}
	for range runtime.GOMAXPROCS(0) {
		w.hands.Go(func() {
			for batch := range w.jobs {
				for _, f := range batch {
					if f.maps != nil {
						*f.maps = mapOf(f.rel, f.lines)
					}
					w.fail(w.put(f.rel, f.text))
					w.sum(f.rel, f.text)
				}
			}
		})
	}
	return w
}

func (w *folderWriter) put(rel, text string) error {
	return w.create(rel, func(f *os.File) error {
		_, err := f.WriteString(text)
		return err
	})
}

// sum notes the checksum of a script.
func (w *folderWriter) sum(rel, text string) {
	if !strings.HasSuffix(rel, ".sql") {
		return
	}
	var s fileSum
	s.addText(text)
	w.summing.Lock()
	defer w.summing.Unlock()
	w.sums[rel] = s
}

// create writes a file.
func (w *folderWriter) create(rel string, text func(*os.File) error) error {
	file, err := os.OpenFile(filepath.Join(w.dir, filepath.FromSlash(rel)), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err == nil {
		err = text(file)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", rel, err)
	}
	return nil
}

// fail notes an error, unless there is one already.
func (w *folderWriter) fail(err error) {
	if err == nil {
		return
	}
	select {
	case w.failed <- err:
	default:
	}
}

// wait waits until all is written.
func (w *folderWriter) wait() error {
	w.send()
	close(w.jobs)
	w.hands.Wait()
	w.fail(w.putMaps())
	select {
	case err := <-w.failed:
		return err
	default:
		return nil
	}
}

// putMaps writes the maps of the files that have none beside them.
func (w *folderWriter) putMaps() error {
	if len(w.maps) == 0 {
		return nil
	}
	w.manifest = append(w.manifest, mapsName)
	return w.create(mapsName, func(f *os.File) error {
		out := bufio.NewWriterSize(f, 256<<10)
		for _, m := range w.maps {
			if _, err := out.Write(*m); err != nil {
				return err
			}
		}
		return out.Flush()
	})
}

func (w *folderWriter) file(f *File, d *disks) {
	if f.Load {
		w.order = append(w.order, f.Path)
	}
	if f.disk != nil {
		w.manifest = append(w.manifest, f.Path)
		mapped, err := d.close(f.disk)
		w.fail(err)
		w.summing.Lock()
		w.sums[f.Path] = f.disk.sum
		w.summing.Unlock()
		if mapped {
			w.manifest = append(w.manifest, f.Path+mapEnding)
		}
		return
	}
	one := fileText{rel: f.Path, text: f.Text}
	besides := mapBesides(f.kind)
	if f.Map != nil && len(f.Map.Lines) > 0 && !besides {
		one.lines, one.maps = f.Map.Lines, new([]byte)
		w.maps = append(w.maps, one.maps)
	}
	if f.maps != nil && len(f.maps.buf) > 0 {
		f.maps.end()
		w.maps = append(w.maps, &f.maps.buf)
	}
	w.take(one)
	if f.Map != nil && len(f.Map.Lines) > 0 && besides {
		w.write(f.Path+mapEnding, string(mapOf(f.Path, f.Map.Lines)))
	}
}

// write lets a file be written.
func (w *folderWriter) write(rel, text string) { w.take(fileText{rel: rel, text: text}) }

func (w *folderWriter) take(f fileText) {
	w.manifest = append(w.manifest, f.rel)
	folder := path.Dir(f.rel)
	if !w.made[folder] {
		if err := os.MkdirAll(filepath.Join(w.dir, filepath.FromSlash(folder)), 0o755); err != nil {
			w.fail(fmt.Errorf("write %s: %w", f.rel, err))
			return
		}
		w.made[folder] = true
	}
	if folder != w.folder || len(w.batch) == maxBatchFiles {
		w.send()
		w.folder = folder
	}
	w.batch = append(w.batch, f)
}

// send hands a batch to the hands.
func (w *folderWriter) send() {
	if len(w.batch) > 0 {
		w.jobs <- w.batch
		w.batch = nil
	}
}

func joinLines(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return strings.Join(l, "\n") + "\n"
}

// Written lists the files in a folder that the last conversion into it has written, by their paths in it; nil if there was none.
func Written(dir string) ([]string, error) { return readManifest(dir) }

func readManifest(dir string) ([]string, error) {
	lines, err := manifestLines(dir)
	for i, l := range lines {
		lines[i], _, _ = strings.Cut(l, sumMark)
	}
	return lines, err
}

// manifestLines are the paths of the files, with their checksums.
func manifestLines(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the last conversion's manifest: %w", err)
	}
	return strings.FieldsFunc(string(b), func(r rune) bool { return r == '\n' }), nil
}

func finishManifest(dir string, old, now []string, sums map[string]fileSum) error {
	keep := map[string]bool{}
	for _, p := range now {
		keep[p] = true
	}
	for _, p := range old {
		if keep[p] || !filepath.IsLocal(filepath.FromSlash(p)) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(p))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s of the last conversion: %w", p, err)
		}
	}
	sort.Strings(now)
	for i, p := range now {
		if sum, ok := sums[p]; ok {
			now[i] += sumMark + sum.String()
		}
	}
	if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(joinLines(now)), 0o644); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}
