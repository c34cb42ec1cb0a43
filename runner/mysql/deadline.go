package mysql

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// slack is how much earlier than asked a read may be given up.
const slack = time.Second

// slackConn moves its read deadline only now and then. The client library sets one before every packet of the log, and with
// small transactions that costs more than reading them.
type slackConn struct {
	*net.TCPConn
	until atomic.Int64 // nanoseconds; 0: none
}

// dialSlack connects for reading the log.
func dialSlack(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		return &slackConn{TCPConn: tcp}, nil
	}
	return c, nil
}

// SetReadDeadline sets the deadline when it moves back, or forward by more than the slack.
func (c *slackConn) SetReadDeadline(t time.Time) error {
	if t.IsZero() {
		c.until.Store(0)
		return c.TCPConn.SetReadDeadline(t)
	}
	now, was := t.UnixNano(), c.until.Load()
	if was != 0 && now >= was && now-was < int64(slack) {
		return nil
	}
	c.until.Store(now)
	return c.TCPConn.SetReadDeadline(t)
}

// SetDeadline sets both deadlines.
func (c *slackConn) SetDeadline(t time.Time) error {
	c.until.Store(0)
	return c.TCPConn.SetDeadline(t)
}
