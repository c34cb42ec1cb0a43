package godwit

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"

	"godwit/ir/dialect"
)

// dumpReader makes a dump of about size bytes on the fly: tables with INSERTs of 1 MB each.
type dumpReader struct {
	size, made, table int
	text              string
}

func (d *dumpReader) Read(b []byte) (int, error) {
	if d.text == "" {
		if d.made >= d.size {
			return 0, io.EOF
		}
		d.table++
		row := "(1,'a text of some length','it\\'s',12.50,'2024-01-01 12:00:00',NULL)"
		d.text = fmt.Sprintf("CREATE TABLE t%d (i INT, a VARCHAR(40), b VARCHAR(9), p DECIMAL(9,2), d DATETIME, n TEXT);\nINSERT INTO t%d VALUES %s%s;\n",
			d.table, d.table, row, strings.Repeat(","+row, 1_000_000/len(row)))
		d.made += len(d.text)
	}
	n := copy(b, d.text)
	d.text = d.text[n:]
	return n, nil
}

const dumpSize = "GODWIT_TEST_DUMP_MB"

// TestDumpMemory holds that a dump of any size streams through in less than 300 MB: a child process converts one of 4 MB, or as many as
// GODWIT_TEST_DUMP_MB says.
func TestDumpMemory(t *testing.T) {
	if os.Getenv("GODWIT_TEST_DUMP_CHILD") != "" {
		convertDump(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestDumpMemory$")
	cmd.Env = append(os.Environ(), "GODWIT_TEST_DUMP_CHILD=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Skip("the system does not tell what a process used")
	}
	mb := use.Maxrss / 1024
	t.Logf("%d MB", mb)
	if mb >= 300 {
		t.Errorf("a dump took %d MB", mb)
	}
}

func convertDump(t *testing.T) {
	size := 4
	if v := os.Getenv(dumpSize); v != "" {
		if _, err := fmt.Sscan(v, &size); err != nil {
			t.Fatal(err)
		}
	}
	debug.SetMemoryLimit(150 << 20)
	dump := Script{Name: "dump.sql", Open: func() (io.ReadCloser, error) { return io.NopCloser(&dumpReader{size: size << 20}), nil }}
	if _, err := ConvertFolder([]Script{dump}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15}, t.TempDir()); err != nil {
		t.Fatal(err)
	}
}
