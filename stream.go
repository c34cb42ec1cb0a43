package godwit

import (
	"fmt"
	"io"
	"runtime"
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/parser"
	"godwit/parser/scan"
	"godwit/parser/textfile"
)

// Script is an input that can be read more than once.
type Script struct {
	Name string // as findings name it
	Open func() (io.ReadCloser, error)
}

// OldLines is told of a script in which a carriage return alone ends the lines, as on old Macintosh computers. It is for Options.Found.
var OldLines = &diag.Code{
	ID: "SY0020", Title: "Lines that end with a carriage return alone", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The file has no line feed. A carriage return alone ends no line for the clients of the sources, so that the first comment would be all of the file; it is taken for the end of a line, in texts as well.",
	Next: "If a text in the file has carriage returns of its own, put line feeds at the ends of the lines (tr '\\r' '\\n' changes all of them), and convert that.",
}

// ScriptFile is a script on disk, which may be compressed (see textfile.OpenScript).
func ScriptFile(name, path string) Script {
	return Script{Name: name, Open: func() (io.ReadCloser, error) {
		r, _, err := textfile.OpenScript(path)
		return r, err
	}}
}

// ConvertFolder converts scripts of any size into a folder: what Convert and WriteFolder do, with the same files, except that rows of
// constants are not kept. The scripts are read twice: first for their definitions, then for their rows, which go to disk as they come.
// The conversion that it returns has the units that are not rows, and those of the rows that have findings.
func ConvertFolder(scripts []Script, opt Options, dir string) (*Conversion, error) {
	s, err := newStreaming(scripts, opt)
	if err != nil {
		return nil, err
	}
	if err := beginFolder(dir); err != nil {
		return nil, err
	}
	layout := newLayout(s.c)
	layout.dir, layout.disks.dir = dir, dir
	if err := s.convertRows(layout); err != nil {
		return nil, err
	}
	files := layout.files()
	if layout.err != nil {
		return nil, layout.err
	}
	return s.c, s.c.writeFiles(dir, files, &layout.disks)
}

// ConvertScripts converts scripts of any size for reports: it returns what ConvertFolder does, and writes nothing.
func ConvertScripts(scripts []Script, opt Options) (*Conversion, error) {
	s, err := newStreaming(scripts, opt)
	if err != nil {
		return nil, err
	}
	return s.c, s.convertRows(nil)
}

// newStreaming reads scripts and converts their definitions.
func newStreaming(scripts []Script, opt Options) (*streaming, error) {
	p, err := newPipeline(opt)
	if err != nil {
		return nil, err
	}
	p.knowStatics(scripts)
	if err := p.loadCatalog(); err != nil {
		return nil, err
	}
	c := &Conversion{Options: p.opt, General: slices.Clone(p.opt.Found), Catalog: p.cat, fold: p.emitter.Fold, rowHelpers: map[string]bool{}}
	s := &streaming{dump: newDump(p, c), scripts: scripts, held: heldRows{many: opt.again}, into: map[int]*rowHeads{}}
	if err := s.read(); err != nil {
		return nil, err
	}
	p.sheds = len(s.before) == 0 && s.turn == nil // rows are converted behind the definitions, and their rules may look at these
	if s.turn != nil && len(s.before) > 0 {
		s.run = s.beginTurns() // the rows stand between the definitions
		p.session.Unseen = true
	} else if s.definitions(); s.turn != nil {
		s.kept = [][]*Unit{s.units} // which may have another order
	}
	if opt.BeforeRows != nil && len(s.before) > 0 {
		opt.BeforeRows()
	}
	return s, nil
}

// convertRows converts the rows, and lays all out; nil lays out nothing.
func (s *streaming) convertRows(l *layout) error {
	s.laying, s.short = newLaying(l), newShortPath(s)
	if err := s.write(); err != nil {
		return err
	}
	s.finish()
	return s.c.helpers(s.p)
}

// streaming is a dump whose rows are read when they are converted.
type streaming struct {
	*dump
	scripts []Script
	laying  *laying
	short   *shortPath
	// kept are the units of the pieces that are not rows, in order; all is set when no rows are told apart, apart when they are although the
	// script is kept in its order, because there are so many of them.
	kept  [][]*Unit
	all   bool
	apart bool
	held  heldRows
	run   *turnRun          // converts the definitions of such a script while its rows are read
	into  map[int]*rowHeads // of rows that are not among the units, by the unit that they stand before
	// ordered is set when the scripts stand in the order in which they are taken.
	ordered bool
}

// each calls f for the pieces of the scripts.
func (s *streaming) each(f func(scan.Piece) error) error {
	for _, sc := range s.scripts {
		if err := s.script(sc, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *streaming) script(sc Script, f func(scan.Piece) error) error {
	r, err := sc.Open()
	if err != nil {
		return fmt.Errorf("read %s: %w", sc.Name, err)
	}
	defer r.Close()
	pieces, err := parser.Pieces(r, sc.Name, s.options())
	if err != nil {
		return fmt.Errorf("parse %s: %w", sc.Name, err)
	}
	for piece, err := range pieces {
		if err != nil {
			return err
		}
		if err := f(piece); err != nil {
			return err
		}
	}
	return nil
}

func (s *streaming) options() scan.Options {
	o := s.p.scanOptions(s.p.opt.Settings)
	o.Chunk = s.p.opt.chunk
	return o
}

// told is each (or ahead), which also tells the rows that are not kept. In a script that is kept in its order, the rows in front of a statement
// that may ask about them are.
func (s *streaming) told(each func(func(scan.Piece) error) error, f func(piece scan.Piece, rows bool) error) error {
	var last scan.Piece // rows
	err := each(func(piece scan.Piece) error {
		rows := piece.Rows() && !s.all
		if !s.apart {
			return f(piece, rows)
		}
		if before := last; before != nil {
			last = nil
			if err := f(before, rows || !piece.Asks()); err != nil {
				return err
			}
		}
		if rows {
			last = piece
			return nil
		}
		return f(piece, false)
	})
	if err == nil && last != nil {
		err = f(last, true)
	}
	return err
}

// parsedAtOnce is how many statements a helper parses at a time.
const parsedAtOnce = 32

// parsing are statements that are parsed while the script is read on.
type parsing struct {
	pieces []scan.Piece
	units  [][]*Unit
}

// read keeps the definitions of the scripts. Where names change on the way, rows are definitions as well, unless there are too many.
func (s *streaming) read() error {
	helpers := newCrew(runtime.GOMAXPROCS(0), s.parse)
	var all []*parsing
	last := &parsing{}
	hand := func() {
		if len(last.pieces) > 0 {
			all = append(all, last)
			helpers.take(last)
			last = &parsing{}
		}
	}
	n := 0
	rows := map[int]*rowHeads{} // of the definitions with rows in front
	err := s.told(s.each, func(piece scan.Piece, isRows bool) error {
		if isRows {
			if rows[n] == nil {
				rows[n] = &rowHeads{}
			}
			if s.turns() {
				rows[n].add(piece)
			}
			s.held.add(piece, n)
			return nil
		}
		n++
		if last.pieces = append(last.pieces, piece); len(last.pieces) == parsedAtOnce {
			hand()
		}
		return nil
	})
	hand()
	helpers.close()
	if err != nil {
		return err
	}
	changed := false
	decider := s.p.newDecider()
	for _, b := range all {
		for _, us := range b.units {
			if h := rows[len(s.kept)]; h != nil {
				s.into[len(s.units)] = h
				s.sawRows()
			}
			us = decider.units(us)
			for _, u := range us {
				changed = changed || renames(u.Unit)
			}
			s.units = append(s.units, us...)
			s.kept = append(s.kept, us)
		}
	}
	if rows[n] != nil {
		s.sawRows()
	}
	moved := !s.ordered && s.reorder()
	s.ordered = true
	if s.turn == nil {
		s.turn, s.turnWhy = s.p.inTurn(s.units, s.into)
		changed = changed || s.turn != nil
	}
	if !moved && (!changed || s.all || s.apart) {
		return nil
	}
	s.units, s.kept, s.held = nil, nil, heldRows{many: s.held.many}
	if changed && s.turn != nil && s.held.many {
		s.apart = true
	} else if changed {
		s.all, s.held = true, heldRows{}
	}
	clear(s.before)
	clear(s.into)
	return s.read()
}

func (s *streaming) parse(b *parsing) {
	b.units = make([][]*Unit, len(b.pieces))
	for i, piece := range b.pieces {
		for _, u := range piece.Parse(s.options()) {
			u := newUnit(u)
			u.rows, u.commits = false, u.PLSQL && isCommit(u.Stmts)
			b.units[i] = append(b.units[i], u)
		}
	}
	b.pieces = nil
}

// isCommit tells a statement that ends a transaction and changes nothing for the rows behind it.
func isCommit(list []ir.Stmt) bool {
	for _, s := range list {
		if t, ok := s.(*ir.Transaction); !ok || t.Kind != ir.CommitTransaction {
			return false
		}
	}
	return true
}

// batchBytes is how much text of rows is taken through the pipeline at a time; the trees are some fifty times as large. readBytes is how
// much is read for that, most of which takes the short path.
const (
	batchBytes = 512 << 10
	readBytes  = 4 << 20
)

// write lays out all units in order. Rows are converted in batches.
func (s *streaming) write() error {
	s.begin(0)
	if len(s.before) == 0 { // all was kept
		for _, us := range s.kept {
			for _, u := range us {
				s.c.Units = append(s.c.Units, u)
				s.laying.now(u)
				u.mapped()
			}
		}
		return s.laying.close()
	}
	w := &secondReading{streaming: s}
	err := w.pieces()
	if err == nil {
		err = w.flush()
	}
	if s.run != nil {
		if err == nil {
			w.steps(nil)
		}
		s.run.end()
	}
	if failed := s.laying.close(); failed != nil {
		err = failed // what else went wrong came of that
	}
	if err != nil {
		return err
	}
	if len(w.kept) > 0 {
		return errChanged
	}
	return nil
}

// batch converts rows and hands them to the disk: those that can take the short path, and the others as many at a time as memory allows.
func (s *streaming) batch(pieces []scan.Piece) error {
	texts := s.short.texts(pieces)
	first, from, size := 0, 0, 0 // first of the texts in a row
	for i, piece := range pieces {
		if texts[i] != nil || size > 0 && size+piece.Size() > batchBytes {
			s.ordinary(pieces[from:i])
			from, size = i, 0
		}
		if texts[i] == nil {
			s.laying.rows(texts[first:i])
			first = i + 1
			size += piece.Size()
			continue
		}
		from = i + 1
		s.note(texts[i])
		if n := s.p.opt.tookShort; n != nil {
			*n++
		}
	}
	s.laying.rows(texts[first:])
	s.ordinary(pieces[from:])
	if s.laying.failed.Load() {
		return errStopped
	}
	return nil
}

// note keeps what reports say of a statement that took the short path.
func (s *streaming) note(r *rowText) {
	if len(r.notes) == 0 {
		s.c.RowsLeft[diag.Exact]++
		return
	}
	of := r.shape.unit
	u := &Unit{Unit: &ir.Unit{Span: r.notes[0].Span, Object: of.Object, Kind: of.Kind, Schema: of.Schema, Name: of.Name}, Source: r.notes[0].Span}
	for _, f := range r.notes {
		u.Report(f)
	}
	u.Status = u.Findings.Worst()
	s.list(u)
	s.keep(u)
}

// ordinary takes rows through the pipeline. What has findings is kept without text.
func (s *streaming) ordinary(pieces []scan.Piece) {
	if len(pieces) == 0 {
		return
	}
	parsed := make([][]*ir.Unit, len(pieces))
	inParallel(len(pieces), func(i int) { parsed[i] = pieces[i].Parse(s.options()) })
	var us []*Unit
	for _, list := range parsed {
		for _, u := range list {
			us = append(us, newUnit(u))
		}
	}
	s.rows(us)
	for _, u := range us {
		s.laying.unit(u)
	}
	s.laying.settle() // their trees are large
	for _, u := range us {
		s.keep(u)
	}
}

// helped notes the helper routines that rows use.
func (s *streaming) helped(u *Unit) {
	if u.Status != diag.Refused {
		for n := range u.Helpers {
			s.c.rowHelpers[n] = true
		}
	}
}

// keep notes what reports say of a unit with rows.
func (s *streaming) keep(u *Unit) {
	s.helped(u)
	if len(u.Findings) == 0 {
		s.c.RowsLeft[u.Status]++
		return
	}
	k := &Unit{
		Unit:   &ir.Unit{Span: u.Span.Place(), Object: u.Object, Kind: u.Kind, Schema: u.Schema, Name: u.Name, Findings: u.Findings},
		Status: u.Status, Source: u.Source.Place(), rows: true,
	}
	for i := range k.Findings {
		k.Findings[i].Span = k.Findings[i].Span.Place()
	}
	s.c.Units = append(s.c.Units, k)
}
