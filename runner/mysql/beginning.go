package mysql

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/replication"
)

// beginning tells files of the log apart that have the same name, where there are no GTIDs: a log that was begun anew has the same
// names, its transactions may end at the same offsets, and it may be begun in the same second. The zero value is not known.
type beginning struct {
	birth uint32 // when the file was begun, in seconds since 1970
	size  uint32 // the events in front of this offset are in the sum; 0: not known
	sum   uint32 // CRC-32 of the events behind the one that describes the format
}

// firstBytes is how much of a file its beginning takes note of, or a little more: events are whole.
const firstBytes = 4096

// String is what stands behind a place: +BIRTH or +BIRTH-SIZE-SUM, "" if nothing is known.
func (b beginning) String() string {
	switch {
	case b.birth == 0:
		return ""
	case b.size == 0:
		return fmt.Sprintf("+%d", b.birth)
	}
	return fmt.Sprintf("+%d-%d-%08x", b.birth, b.size, b.sum)
}

// cutBeginning divides what stands behind a place without GTIDs.
func cutBeginning(text string) (server string, b beginning, err error) {
	server, at, ok := strings.Cut(text, "+")
	if !ok {
		return server, b, nil
	}
	parts := strings.Split(at, "-")
	if len(parts) != 1 && len(parts) != 3 {
		return "", b, errPosition
	}
	for i, to := range []*uint32{&b.birth, &b.size, &b.sum}[:len(parts)] {
		base := 10
		if i == 2 {
			base = 16
		}
		n, err := strconv.ParseUint(parts[i], base, 32)
		if err != nil {
			return "", b, err
		}
		*to = uint32(n)
	}
	return server, b, nil
}

// described begins with the event that describes the file's format. A stream that begins inside of a file has it without its place.
func (b *beginning) described(e *replication.BinlogEvent) {
	if at := logPos(e); at != 0 {
		b.size, b.sum = at, 0
	}
	b.birth = e.Header.Timestamp
}

// take adds the next event of the file, whose last bytes are the checksum.
func (b *beginning) take(e *replication.BinlogEvent, checksum int) {
	end, n := logPos(e), len(e.RawData)-checksum
	if b.size == 0 || b.size >= firstBytes || n < replication.EventHeaderSize || uint64(b.size)+uint64(e.Header.EventSize) != uint64(end) {
		return
	}
	b.size, b.sum = end, crc32.Update(b.sum, crc32.IEEETable, e.RawData[:n])
}

// logPos is the offset behind an event as the log has it; the client library completes what it does not have.
func logPos(e *replication.BinlogEvent) uint32 {
	const at = 13
	if len(e.RawData) < replication.EventHeaderSize {
		return 0
	}
	return binary.LittleEndian.Uint32(e.RawData[at:])
}

// reborn compares how the position's file begins, for a server without GTIDs.
func (s *Source) reborn(ctx context.Context, p *Position) (string, error) {
	if p.begin.birth == 0 {
		return "", nil
	}
	is, err := s.beginning(ctx, p.file, p.begin.size)
	switch {
	case err != nil:
		return "", err
	case is.birth != p.begin.birth:
		when := func(at uint32) string { return time.Unix(int64(at), 0).UTC().Format(time.DateTime) }
		return fmt.Sprintf("its %s was begun at %s, that of the position at %s (UTC)", p.file, when(is.birth), when(p.begin.birth)), nil
	case p.begin.size != 0 && is != p.begin:
		return fmt.Sprintf("its %s was begun in the same second as that of the position, with other transactions", p.file), nil
	}
	return "", nil
}

// date adds to a position how its file begins, where there are no GTIDs. A user who may not read the log, as for a load without a
// stream, gets a position without it.
func (s *Source) date(ctx context.Context, p *Position) (err error) {
	if p.gtids {
		return nil
	}
	p.begin, err = s.beginning(ctx, p.file, uint32(min(p.offset, firstBytes)))
	if errors.Is(err, ErrSettings) {
		return nil
	}
	return err
}

// dated is a position that the stream goes on from, with what is known of its file: positions of older programs say less.
func (s *Source) dated(ctx context.Context, p *Position) (*Position, error) {
	at := p.clone()
	if p.gtids || p.begin.size != 0 || p.file == "" || p.server != "" && p.server != s.server() {
		return at, nil
	}
	if p.begin.birth == 0 {
		s.log.Warn("the stored position does not say when its file of the binary log was begun, because an older program stored it: whether the log was begun anew since "+
			"(RESET MASTER) cannot be told this once; if it was, start the task anew", "position", p.String())
	}
	return at, s.date(ctx, at)
}

// beginning reads how a file of the log begins, up to an offset if the file has one: no query tells.
func (s *Source) beginning(ctx context.Context, file string, size uint32) (b beginning, err error) {
	p := &Position{family: s.family, file: file, offset: 4}
	sync := replication.NewBinlogSyncer(s.syncerConfig(randomID(), nil))
	defer sync.Close()
	streamer, err := start(sync, p)
	if err != nil {
		return b, logError(p, err)
	}
	checksum := 0
	for b.birth == 0 || b.size < size {
		e, err := streamer.GetEvent(ctx)
		switch {
		case ctx.Err() != nil:
			return b, ctx.Err()
		case err != nil:
			return b, logError(p, err)
		}
		switch ev := e.Event.(type) {
		case *replication.RotateEvent:
			if string(ev.NextLogName) != file {
				return b, nil
			}
		case *replication.HeartbeatEvent: // the log ends here
			return b, nil
		case *replication.FormatDescriptionEvent:
			b.described(e)
			if ev.ChecksumAlgorithm == replication.BINLOG_CHECKSUM_ALG_CRC32 {
				checksum = replication.BinlogChecksumLength
			}
		default:
			was := b.size
			if b.take(e, checksum); b.size == was {
				return b, nil
			}
		}
	}
	return b, nil
}
