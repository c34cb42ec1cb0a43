package godwit

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// fileSum is a checksum of what a conversion writes to a file. The manifest keeps it, so that the next conversion can tell what a person
// has changed since.
type fileSum uint32

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (s *fileSum) add(text []byte) { *s = fileSum(crc32.Update(uint32(*s), castagnoli, text)) }

func (s *fileSum) addText(text string) {
	var part [32 << 10]byte
	for text != "" {
		n := copy(part[:], text)
		s.add(part[:n])
		text = text[n:]
	}
}

// sumMark stands in the manifest between a file and its checksum.
const sumMark = "\t"

func (s fileSum) String() string { return strconv.FormatUint(uint64(s), 16) }

// sumOf is the checksum of a file.
func sumOf(file string) (s fileSum, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 256<<10)
	part := make([]byte, 64<<10)
	for {
		n, err := in.Read(part)
		s.add(part[:n])
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// Edited lists the files in a folder that are not as the last conversion into it has written them, by their paths in it: somebody has
// changed them since. A conversion that did not come to its end is no conversion.
func Edited(dir string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(dir, orderName)); err != nil {
		return nil, nil
	}
	lines, err := manifestLines(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, l := range lines {
		rel, sum, known := strings.Cut(l, sumMark)
		if !known || !filepath.IsLocal(filepath.FromSlash(rel)) {
			continue
		}
		now, err := sumOf(filepath.Join(dir, filepath.FromSlash(rel)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, fmt.Errorf("read %s of the last conversion: %w", rel, err)
		case now.String() != sum:
			out = append(out, rel)
		}
	}
	return out, nil
}
