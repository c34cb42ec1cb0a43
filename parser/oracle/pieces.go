package oracle

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"godwit/ir"
	"godwit/parser/scan"
)

// Piece is one statement of a script that is read bit by bit. It has a text of its own, which knows where it came from.
type Piece struct{ job }

// Rows tells that the piece inserts rows of constants.
func (p *Piece) Rows() bool { return p.rows() }

// Size is the length of the piece's text in bytes.
func (p *Piece) Size() int { return p.end - p.start }

// Parse makes the units of the piece. Several pieces may be parsed at the same time.
func (p *Piece) Parse(o scan.Options) []*ir.Unit { return newParser(o).piece(&p.job) }

// Head is "": statements of Oracle's scripts hold one row each, which is read like any other statement.
func (p *Piece) Head() string { return "" }

// Place is the file's name and the line of the statement.
func (p *Piece) Place() (file string, line int) {
	line, _ = p.file.Position(p.first)
	return p.file.Name, line
}

// EachRow reads no rows: see Head.
func (p *Piece) EachRow(func(row []scan.Constant, at scan.RowSpan) bool) bool { return false }

// Some is the piece itself: see Head.
func (p *Piece) Some([]scan.RowSpan) scan.Piece { return p }

// Pieces cuts a script of any size and follows the session through it; memory is bounded by the longest statement. Parsing
// the pieces gives what Parse gives for the whole.
func Pieces(r io.Reader, name string, o scan.Options) iter.Seq2[scan.Piece, error] {
	return func(yield func(scan.Piece, error) bool) {
		switch strings.ToLower(o.Charset) {
		case "latin1", "cp1252", "windows-1252", "we8mswin1252", "we8iso8859p1":
			r = charmap.Windows1252.NewDecoder().Reader(r)
		}
		ses := newSession(o)
		st := &streamer{r: r, chunk: o.Chunk, name: name, line: 1}
		if st.chunk <= 0 {
			st.chunk = firstRead
		}
		var last *Piece // the last statement gets the comments behind it, so it is held back until the next is seen
		for {
			j, err := st.next(ses)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				yield(nil, fmt.Errorf("read %s: %w", name, err))
				return
			}
			if last != nil && !yield(last, nil) {
				return
			}
			last = &Piece{job: j}
		}
		if last != nil {
			last.trail = st.rest()
			yield(last, nil)
		}
	}
}
