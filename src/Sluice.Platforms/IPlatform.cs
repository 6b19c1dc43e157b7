using Sluice.Core.Connections;
using Sluice.Core.Payloads;

namespace Sluice.Platforms;

/// <summary>What a data platform is to Sluice. What a platform may lack is an interface of its own, found by type test.</summary>
public interface IPlatform
{
    /// <summary>The documented name by which payloads choose it.</summary>
    Technology Technology { get; }

    /// <summary>
    /// Reads and checks the <c>connection</c> object of a registration or update (<c>technology</c> included), and the <c>nativeIntegration</c>
    /// beside it, without any I/O. Every problem goes to the payload's list, unknown members included.
    /// </summary>
    /// <param name="connection">The object at <c>$.connection</c>.</param>
    /// <param name="nativeIntegration">
    /// The object at <c>$.nativeIntegration</c>; null when it was left out. A platform that has none calls it an unknown member. On an update null means that
    /// what is stored stays, but for what has to be the same as in <paramref name="connection"/>.
    /// </param>
    /// <param name="stored">On an update the connection as stored: its secrets may be kept. Null on a registration.</param>
    /// <returns>The connection, or null after a problem.</returns>
    ConnectionSpec? ReadConnection(PayloadObject connection, PayloadObject? nativeIntegration, ConnectionSpec? stored);

    /// <summary>Opens a session. No I/O happens before the session's first call.</summary>
    IPlatformSession Open(ConnectionAccess access);
}
