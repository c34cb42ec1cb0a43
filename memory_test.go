package godwit

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"godwit/ir/dialect"
)

// dumpReader makes a dump of about size bytes on the fly: tables with ten INSERTs of 1 MB each.
type dumpReader struct {
	size, made, table int
	text              string
}

// dumpTable has the types that dumps have most.
const dumpTable = `CREATE TABLE t%d (i INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, a VARCHAR(60), b CHAR(9), p DECIMAL(9,2), d DATETIME, day DATE,
  ts TIMESTAMP(6) NULL, n TEXT, e ENUM('new','sent'), f DOUBLE, s SET('a','b'), flag TINYINT(1));
`

func (d *dumpReader) Read(b []byte) (int, error) {
	if d.text == "" {
		if d.made >= d.size {
			return 0, io.EOF
		}
		insert := d.made / 1_000_000 % 10
		var text strings.Builder
		if insert == 0 || d.table == 0 {
			d.table++
			fmt.Fprintf(&text, dumpTable, d.table)
		}
		fmt.Fprintf(&text, "INSERT INTO `t%d` VALUES ", d.table)
		for i := 1; text.Len() < 1_000_000; i++ {
			if i > 1 {
				text.WriteByte(',')
			}
			fmt.Fprintf(&text, `(%d,'a text of some length %d','it\'s',%d.50,'2024-01-%02d 12:00:00','2024-02-%02d','2024-01-01 00:00:00.%06d',NULL,'sent',%d.25,'a,b',%d)`,
				i, i, i-1000, i%28+1, i%28+1, i, i, i%2)
		}
		text.WriteString(";\n")
		d.text = text.String()
		d.made += len(d.text)
	}
	n := copy(b, d.text)
	d.text = d.text[n:]
	return n, nil
}

const (
	dumpSize = "GODWIT_TEST_DUMP_MB"
	dumpPath = "GODWIT_TEST_DUMP_CHILD"
)

// TestDumpMemory holds that a dump of any size streams through in less than 300 MB, on the short path for rows and through the pipeline:
// a child process converts one of 32 and one of 4 MB, and one of 48 MB that is kept in its order, or as many as GODWIT_TEST_DUMP_MB says.
func TestDumpMemory(t *testing.T) {
	switch os.Getenv(dumpPath) {
	case "short":
		convertDump(t, 32, 0, "")
	case "pipeline":
		convertDump(t, 4, -1, "")
	case "in turn":
		convertDump(t, 48, 0, "ALTER TABLE t1 ADD COLUMN more INT;\nINSERT INTO t1 (i, more) VALUES (0, 1);\n")
	default:
		for _, path := range []string{"short", "pipeline", "in turn"} {
			t.Run(path, func(t *testing.T) { dumpMemory(t, path) })
		}
	}
}

func dumpMemory(t *testing.T, path string) {
	cmd := exec.Command(os.Args[0], "-test.run", "^TestDumpMemory$", "-test.timeout", "1h")
	cmd.Env = append(os.Environ(), dumpPath+"="+path)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var mb int64
	if _, said, ok := strings.Cut(string(out), peakWord); !ok {
		t.Skip("the system does not tell what a process used")
	} else if _, err := fmt.Sscan(said, &mb); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	mb /= 1024
	t.Logf("%d MB of memory, %v of processor time in %v", mb, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
	if raceDetector {
		t.Skip("the race detector takes several times the memory")
	}
	if mb >= 300 {
		t.Errorf("a dump took %d MB", mb)
	}
}

// peakWord stands in front of the most memory that a child has used, in kB.
const peakWord = "peak of the child: "

// tellPeak prints the most memory that the process has used. (The parent's rusage counts the parent's own memory as well, which the child shares until it
// runs its program.)
func tellPeak(t *testing.T) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	_, peak, ok := strings.Cut(string(status), "VmHWM:")
	if !ok {
		t.Fatal("no VmHWM")
	}
	fmt.Println(peakWord + strings.Fields(peak)[0])
}

func convertDump(t *testing.T, size, shortFrom int, behind string) {
	if v := os.Getenv(dumpSize); v != "" {
		if _, err := fmt.Sscan(v, &size); err != nil {
			t.Fatal(err)
		}
	}
	debug.SetMemoryLimit(150 << 20)
	dump := Script{Name: "dump.sql", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(&dumpReader{size: size << 20}, strings.NewReader(behind))), nil
	}}
	if _, err := ConvertFolder([]Script{dump}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15, shortFrom: shortFrom}, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	tellPeak(t)
}
