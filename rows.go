package godwit

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"godwit/emit/postgres"
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/parser/scan"
)

// The short path for rows writes the target's text of an INSERT of constants straight from the source's text, some twenty times as fast as
// the pipeline, and with the same bytes.
//
// A constant takes it when its class (see class) is one that is written by a simple rule. What the rules of the pipeline make of the
// classes in a column is never assumed: for each set of classes that a statement has in its columns, some of its rows that have all
// of them go through the pipeline first, and its text, its findings and its map have to be what the short path makes of these rows. One
// constant of another class, a comment, a finding, or any difference sends the whole statement through the pipeline.
//
// What was tried counts until the next statement that is not rows, other than COMMIT: that may change settings or the table.

// shortFrom is how many bytes of rows one head has to have before rows are tried: for less, the trial would cost more than it saves.
const shortFrom = 2 << 10

// maxShapes is how many sets of classes are tried for one head. Beyond that a statement takes the short path if each class of each of its
// columns was in one that was right, and all that were right have the same statements behind the rows: rows of one statement, and
// constants of one row, do not look at one another.
const maxShapes = 64

// maxWrong is how many sets of classes may be wrong before the head is given up.
const maxWrong = 3

// shortPath is what is known of rows since the last definition.
type shortPath struct {
	s     *streaming
	from  int
	forms map[formKey]*rowForm
	seen  map[string]int // bytes of rows by head
}

// formKey tells statements apart that are laid out or lowered in different ways.
type formKey struct {
	head  string
	multi bool // more than one row
}

// rowForm is what is known of the rows of one head.
type rowForm struct {
	columns []*catalog.Column
	lead    string // comment lines in front, on the target
	head    string // on the target
	zero    string // what stands for zero dates by the policy, "" if that is no date
	helpers string // the schema of helper routines
	shapes  map[string]*rowShape
	wrong   int
	right   [2]rightShapes // of statements in lines, and of those on one line
}

// rightShapes are shapes that the short path makes.
type rightShapes struct {
	list  []*rowShape
	known []class // by column
	mixed bool    // they do not have the same rules and statements behind the rows
}

// rowShape is what the pipeline made of rows with the same classes; nil if it is not what the short path makes.
type rowShape struct {
	unit *Unit // its first output is the rows, the others stand behind them
	maps []LineFrom
}

// rowText is a statement that took the short path.
type rowText struct {
	shape *rowShape
	text  []byte
	file  string
	line  int
	notes []diag.Finding
}

func newShortPath(s *streaming) *shortPath {
	p := &shortPath{s: s, from: s.p.opt.shortFrom}
	if p.from == 0 {
		p.from = shortFrom
	}
	if w := s.p.opt.LineWidth; w > 1000 {
		p.from = -1 // the printer looks ahead less far
	}
	p.reset()
	return p
}

func (p *shortPath) reset() { p.forms, p.seen = map[formKey]*rowForm{}, map[string]int{} }

// draft is a statement on the short path.
type draft struct {
	piece scan.Piece
	form  *rowForm
	multi bool
	text  []byte
	sets  []class
	some  []scan.RowSpan // rows that have all classes
	line  int            // 1 if all is on one line, or as much of it as there is up to a line break in a text
}

// texts writes the statements that can take the short path; the others are nil.
func (p *shortPath) texts(pieces []scan.Piece) []*rowText {
	out := make([]*rowText, len(pieces))
	if p.from < 0 {
		return out
	}
	starts := make([]rowStart, len(pieces))
	inParallel(len(pieces), func(i int) { starts[i] = startOf(pieces[i]) })
	drafts := make([]*draft, len(pieces))
	for i, piece := range pieces {
		drafts[i] = p.begin(piece, starts[i])
	}
	inParallel(len(pieces), func(i int) {
		if d := drafts[i]; d != nil && !d.write(p.width()) {
			drafts[i] = nil
		}
	})
	for i, d := range drafts {
		if d == nil {
			continue
		}
		if shape := p.shape(d); shape != nil {
			out[i] = &rowText{shape: shape, text: d.text, notes: d.piece.Notes()}
			out[i].file, out[i].line = d.piece.Place()
		}
	}
	return out
}

func (p *shortPath) width() int {
	if w := p.s.p.opt.LineWidth; w > 0 {
		return w
	}
	return 100
}

// rowStart is how a statement begins.
type rowStart struct {
	head string
	rows [2]scan.RowSpan // the first ones
	n    int             // how many there are of these
}

func startOf(piece scan.Piece) (s rowStart) {
	if s.head = piece.Head(); s.head == "" {
		return s
	}
	piece.EachRow(func(_ []scan.Constant, at scan.RowSpan) bool {
		s.rows[s.n] = at
		s.n++
		return s.n < 2
	})
	return s
}

// begin finds the form of a statement; nil if it has none.
func (p *shortPath) begin(piece scan.Piece, s rowStart) *draft {
	if s.head == "" {
		return nil
	}
	if p.seen[s.head] += piece.Size(); p.seen[s.head] < p.from || s.n == 0 {
		return nil
	}
	rows := s.rows[:s.n]
	key := formKey{s.head, s.n > 1}
	f, ok := p.forms[key]
	if !ok {
		key.head = strings.Clone(key.head)
		f = p.form(piece.Some(rows[:1]))
		if f != nil {
			f.findHead(p, piece.Some(rows))
		}
		p.forms[key] = f
	}
	if f == nil || f.wrong > maxWrong {
		return nil
	}
	return &draft{piece: piece, form: f, multi: key.multi}
}

// findHead finds the head on the target, which is that of any rows that come through the pipeline without findings.
func (f *rowForm) findHead(p *shortPath, piece scan.Piece) {
	if shape := p.convert(piece); shape != nil {
		f.lead, f.head = headOf(shape.unit.Outputs[0].SQL)
	}
}

// form looks up the columns that rows go to; nil if they do not go to columns of a table that take what is given. The head is not yet known.
func (p *shortPath) form(piece scan.Piece) *rowForm {
	us := piece.Parse(p.s.options())
	if len(us) != 1 || !us[0].Rows {
		return nil
	}
	u := newUnit(us[0])
	p.s.p.guard(u, "resolve", func() { p.s.p.res.Resolve(u.Unit) })
	in, ok := u.Stmts[0].(*ir.Insert)
	if !ok || in.Table == nil || in.Table.Table == nil || in.Table.Table.Kind != catalog.BaseTable {
		return nil
	}
	f := &rowForm{shapes: map[string]*rowShape{}, helpers: p.s.p.opt.Policy.HelperSchema}
	if in.Columns == nil {
		for _, c := range in.Table.Table.Columns {
			if !c.Invisible {
				f.columns = append(f.columns, c)
			}
		}
	}
	for _, n := range in.Columns {
		r, ok := n.Ref.(*ir.ColumnRef)
		if !ok || r.Column == nil {
			return nil
		}
		f.columns = append(f.columns, r.Column)
	}
	for _, c := range f.columns {
		if c.Generated != catalog.NotGenerated {
			return nil
		}
	}
	if _, err := time.Parse(time.DateOnly, p.s.p.opt.Policy.ZeroDates); err == nil {
		f.zero = p.s.p.opt.Policy.ZeroDates
	}
	for i := range f.right {
		f.right[i].known = make([]class, len(f.columns))
	}
	return f
}

// write makes the text of a statement; it tells whether all its constants have a class.
func (d *draft) write(width int) bool {
	d.sets = make([]class, len(d.form.columns))
	w := newRowWriter(d.form.head, width, d.piece.Size(), d.multi)
	spare, begun := scan.RowSpan{}, false
	ok := d.piece.EachRow(func(row []scan.Constant, at scan.RowSpan) bool {
		if len(row) != len(d.form.columns) {
			return false
		}
		if begun {
			w.end(false)
		}
		begun = true
		fresh := false
		for i, k := range row {
			w.value()
			start := len(w.row)
			var c class
			w.row, c = appendConstant(w.row, k, d.form.columns[i], d.form.zero, d.form.helpers)
			if c == noClass {
				return false
			}
			if c&long != 0 {
				w.long(start, c)
			}
			if d.sets[i]&c == 0 {
				d.sets[i] |= c
				fresh = true
			}
		}
		if fresh {
			d.some = append(d.some, at)
		} else {
			spare = at
		}
		return true
	})
	if !ok || !begun {
		return false
	}
	w.end(true)
	if d.multi && len(d.some) == 1 {
		d.some = append(d.some, spare)
	}
	d.text, d.line = w.text(), 0
	if d.text[len(d.form.head)] == ' ' {
		d.line = 1
	}
	if lead := d.form.lead; lead != "" {
		d.text, d.line = append([]byte(lead), d.text...), 0
	}
	return true
}

// shape tells what the pipeline makes of the classes of a statement. It is nil if that is not what the short path makes of them.
func (p *shortPath) shape(d *draft) *rowShape {
	f := d.form
	if f.wrong > maxWrong || !p.finished(d) {
		return nil
	}
	if d.multi && d.line > 0 && bytes.IndexByte(d.text, '\n') >= 0 {
		return nil // which rules show on the first line depends on the order of the rows
	}
	key := make([]byte, 1, 1+4*len(d.sets))
	key[0] = byte(d.line)
	for _, c := range d.sets {
		key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
	}
	shape, tried := f.shapes[string(key)]
	if tried {
		return shape
	}
	right := &f.right[d.line]
	if len(f.shapes) < maxShapes {
		shape = p.try(d)
		f.shapes[string(key)] = shape
		return shape
	}
	if len(right.list) == 0 || right.mixed || len(right.list[0].maps[0].Rules) > 0 {
		return nil
	}
	for i, c := range d.sets {
		if c&^right.known[i] != 0 {
			return nil
		}
	}
	return right.list[0]
}

// finished writes the text of a statement again whose head was not known: its first rows do not take the short path, but others may.
func (p *shortPath) finished(d *draft) bool {
	f := d.form
	if f.head == "" {
		if f.findHead(p, d.piece.Some(d.some)); f.head == "" {
			f.wrong++
			return false
		}
	}
	if full := f.lead + f.head; strings.HasPrefix(string(d.text[:min(len(d.text), len(full))]), full) {
		return true
	}
	d.some = nil
	return d.write(p.width())
}

// maxTried is how many rows are tried at most.
const maxTried = 200

// try takes the rows of a statement that have all its classes through the pipeline, so many times that they are laid out as the statement is.
func (p *shortPath) try(d *draft) *rowShape {
	f := d.form
	rows := d.some
	x := &draft{form: f, multi: d.multi}
	for {
		x.piece, x.some = d.piece.Some(rows), nil
		if !x.write(p.width()) || x.line != d.line && (!d.multi || len(rows)+len(d.some) > maxTried) {
			f.wrong++
			return nil
		}
		if x.line == d.line {
			break
		}
		rows = append(rows[:len(rows):len(rows)], d.some...)
	}
	shape := p.convert(x.piece)
	if shape == nil || string(x.text) != shape.unit.Outputs[0].SQL || !slices.Equal(x.sets, d.sets) {
		f.wrong++
		return nil
	}
	if d.multi && len(shape.maps[0].Rules) > 1 {
		return nil // in which order they show depends on that of the rows
	}
	right := &f.right[d.line]
	for i, c := range d.sets {
		right.known[i] |= c
	}
	right.mixed = right.mixed || len(right.list) > 0 && !sameBehind(right.list[0], shape)
	right.list = append(right.list, shape)
	shape.unit.Outputs[0].SQL = ""
	return shape
}

// headOf is the text of an INSERT in front of VALUES, with the comment lines in front of it; "" if it is not a plain one.
func headOf(sql string) (lead, head string) {
	lead = sql[:postgres.FirstWord(sql)]
	sql = sql[len(lead):]
	i := strings.Index(sql, "VALUES")
	if i < 2 || sql[i-1] != ' ' && sql[i-1] != '\n' || strings.Contains(sql[:i], "OVERRIDING") || !strings.HasPrefix(sql, "INSERT INTO ") {
		return "", ""
	}
	return strings.Clone(lead), strings.Clone(sql[:i-1])
}

func sameBehind(a, b *rowShape) bool {
	same := func(x, y postgres.Output) bool {
		return x.SQL == y.SQL && x.Kind == y.Kind && x.Schema == y.Schema && x.Name == y.Name
	}
	return slices.EqualFunc(a.unit.Outputs[1:], b.unit.Outputs[1:], same) &&
		slices.EqualFunc(a.maps, b.maps, func(x, y LineFrom) bool { return x.Line == y.Line && slices.Equal(x.Rules, y.Rules) })
}

// convert takes a statement through the pipeline. It is nil where there is more to be told of it than its text.
func (p *shortPath) convert(piece scan.Piece) *rowShape {
	us := piece.Parse(p.s.options())
	if len(us) != 1 || !us[0].Rows {
		return nil
	}
	u := newUnit(us[0])
	p.s.convert([]*Unit{u})
	if u.Status == diag.Refused || len(u.Findings) > 0 || len(u.Outputs) == 0 || len(u.Stmts) == 0 {
		return nil
	}
	if in, ok := u.Stmts[0].(*ir.Insert); !ok || !u.rows || in.Table == nil {
		return nil
	}
	shape := &rowShape{unit: u}
	_, line := piece.Place()
	for i, o := range u.Outputs {
		if o.Lines.Len() == 0 || i == 0 && o.Lines.At(0).Line != 1 || onlyComment(o.SQL) || !ordinaryKind(o.Kind) {
			return nil
		}
		m, ok := mapLine(o.Lines.At(0), 1)
		if !ok || m.SourceLine != line || m.Source == "" {
			return nil
		}
		shape.maps = append(shape.maps, m)
	}
	p.s.helped(u)
	return shape
}

// ordinaryKind tells that a statement goes where its unit goes.
func ordinaryKind(kind string) bool {
	switch kind {
	case "", "other", "data", "query":
		return true
	}
	return false
}

// rows lays out a statement that took the short path.
func (l *layout) rows(r *rowText) {
	u := r.shape.unit
	b := l.rowsPlace(u)
	for i, o := range u.Outputs {
		if b.any {
			b.write("\n")
		}
		start := b.line
		if i == 0 {
			b.any = true
			b.text.Write(r.text)
			b.line += bytes.Count(r.text, []byte("\n"))
		} else {
			b.write(strings.TrimRight(o.SQL, "\n"))
		}
		b.write(";\n")
		b.file.Load = true
		m := r.shape.maps[i]
		m.Line, m.Source, m.SourceLine = start+m.Line-1, r.file, r.line
		b.mapped(m)
		l.flush(b)
	}
}

func (l *layout) rowsPlace(u *Unit) *builder {
	if l.conv.turned {
		return l.at("other", "", "script")
	}
	return l.at(l.loose(u))
}
