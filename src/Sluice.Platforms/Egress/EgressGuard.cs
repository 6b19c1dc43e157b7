using System.Net;
using System.Net.Sockets;

namespace Sluice.Platforms.Egress;

/// <summary>
/// The one way out of the server (architecture.md, rule 11): says whether a host may be connected to, resolves it once, and connects to
/// what was checked. Safe for concurrent use; one per process.
/// </summary>
public sealed class EgressGuard
{
    // Longer answers don't help to connect, and each address costs a try.
    private const int MostAddresses = 16;

    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);
    private static readonly IPAddress[] LoopbackAddresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    private readonly IHostResolver _resolver;
    private readonly TimeProvider _time;
    private readonly AddressConnector _connector;
    private readonly HostPattern[] _allowedHosts;

    /// <summary>A guard of a policy.</summary>
    /// <param name="policy">What the operator allows.</param>
    /// <param name="resolver">The operating system's when null.</param>
    /// <param name="time">The system's clock when null; it limits name resolution.</param>
    /// <exception cref="ArgumentException">An allowed host is neither a host name nor <c>*.suffix</c>.</exception>
    public EgressGuard(EgressPolicy policy, IHostResolver? resolver = null, TimeProvider? time = null)
    {
        Policy = policy;
        _resolver = resolver ?? SystemHostResolver.Instance;
        _time = time ?? TimeProvider.System;
        _connector = new AddressConnector(_time);
        _allowedHosts = [.. policy.AllowedHosts.Select(HostPattern.Parse)];
    }

    /// <summary>What the operator allows.</summary>
    public EgressPolicy Policy { get; }

    /// <summary>What kind of place an address is; an IPv4 address inside an IPv6 one is judged as itself.</summary>
    public static AddressKind Classify(IPAddress address) => AddressRanges.Classify(address);

    /// <summary>
    /// Whether a host, as spelled, is certainly this machine: a loopback address, <c>localhost</c> or a name below it. Without any I/O, so
    /// other names that resolve to loopback are not.
    /// </summary>
    public static bool IsLoopback(string host)
    {
        var spelled = SpelledHost.Parse(host);
        return spelled.IsLocalhost || (spelled.Address is { } address && Classify(address) == AddressKind.Loopback);
    }

    /// <summary>What is wrong with a host as spelled in a payload, without any I/O, in one sentence; null when nothing is.</summary>
    /// <param name="host">A name or an address (IPv6 with or without brackets), without a port.</param>
    /// <param name="suffixes">
    /// The hosts a technology may use by itself; each covers its subdomains. Empty: any host. Allowed hosts satisfy it too, as do an
    /// address of an allowed network and, when loopback is allowed, a loopback address and <c>localhost</c>.
    /// </param>
    public string? Problem(string host, IReadOnlyList<string> suffixes)
    {
        var spelled = SpelledHost.Parse(host);
        if (spelled.Problem is not null)
            return spelled.Problem;
        if (spelled.IsLocalhost)
            return AddressProblem(IPAddress.Loopback);
        return spelled.Address is null ? NameProblem(spelled.Name!, suffixes) : LiteralProblem(spelled.Address, suffixes);
    }

    /// <summary>
    /// What is wrong with the URL of an endpoint, without any I/O: it must be absolute, https (http only towards a host that
    /// <see cref="IsLoopback(string)"/>), without user, query and fragment, and its host without a problem.
    /// </summary>
    public string? Problem(Uri endpoint, IReadOnlyList<string> suffixes)
    {
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
            return "An endpoint is an absolute https URL.";
        if (endpoint.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
            return "An endpoint has no user, query or fragment.";
        if (Problem(endpoint.IdnHost, suffixes) is { } problem)
            return problem;
        return endpoint.Scheme == Uri.UriSchemeHttp && !IsLoopback(endpoint.IdnHost) ? PlainProblem : null;
    }

    /// <summary>
    /// Resolves a host once and gives the addresses to connect to, IPv4-mapped ones as IPv4. One address that is not allowed refuses them
    /// all: a name that mixes the two is misconfigured or hostile.
    /// </summary>
    /// <exception cref="PlatformException">
    /// <see cref="PlatformFailure.EgressDenied"/>, or <see cref="PlatformFailure.Unreachable"/> when the name does not resolve within 5 s.
    /// </exception>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(
        string host, IReadOnlyList<string> suffixes, CancellationToken cancellationToken)
    {
        if (Problem(host, suffixes) is { } problem)
            throw Denied(host, problem);

        var spelled = SpelledHost.Parse(host);
        if (spelled.Address is not null)
            return [spelled.Address];

        // No name server is asked for localhost, so none can say that it is elsewhere.
        if (spelled.IsLocalhost)
            return LoopbackAddresses;

        var addresses = await LookUpAsync(spelled.Name!, cancellationToken);
        foreach (var address in addresses)
        {
            if (AddressProblem(address) is { } wrong)
                throw Denied(host, $"The name resolves to an address that is not allowed. {wrong}");
        }

        return addresses.Length > MostAddresses ? addresses[..MostAddresses] : addresses;
    }

    /// <summary>
    /// The outgoing HTTP handler. It resolves through this guard and connects to the checked address; follows no redirect, uses no proxy,
    /// keeps no cookie, sends no trace header; requires TLS but towards loopback. What it refuses or can't reach is a
    /// <see cref="PlatformException"/>. The caller disposes of it.
    /// </summary>
    public HttpMessageHandler CreateHttpHandler(EgressHttpOptions options) => new EgressHttpHandler(this, options);

    internal const string PlainProblem = "Without TLS only this machine may be connected to: use https.";

    internal async ValueTask<Socket> ConnectAsync(
        IReadOnlyList<IPAddress> addresses, string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            return await _connector.ConnectAsync(addresses, port, cancellationToken);
        }
        catch (SocketException e)
        {
            var what = e.SocketErrorCode == SocketError.ConnectionRefused ? "refuses connections" : "can't be reached";
            throw new PlatformException(PlatformFailure.Unreachable, $"{Shown(host)} {what} at port {port}.", e);
        }
    }

    internal static PlatformException Denied(string host, string problem) =>
        new(PlatformFailure.EgressDenied, $"This server may not connect to {Shown(host)}: {problem}");

    // A host comes from a payload; what can't be a host is not repeated.
    internal static string Shown(string host) => SpelledHost.Parse(host).Problem is null ? host : "that host";

    private async Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ResolveTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var answer = await _resolver.ResolveAsync(name, either.Token).WaitAsync(either.Token);
            if (answer.Length > 0)
                return [.. answer.Select(AddressRanges.Canonical).Distinct()];
        }
        catch (SocketException e)
        {
            throw new PlatformException(PlatformFailure.Unreachable, $"The host name {name} does not resolve.", e);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PlatformException(PlatformFailure.Unreachable, $"The host name {name} did not resolve within 5 seconds.");
        }
        catch (OperationCanceledException)
        {
            // The caller tells its own token's cancellation from others.
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }

        throw new PlatformException(PlatformFailure.Unreachable, $"The host name {name} has no address.");
    }

    private string? NameProblem(string name, IReadOnlyList<string> suffixes)
    {
        if (suffixes.Count == 0
            || suffixes.Any(suffix => HostPattern.HasSuffix(name, suffix))
            || _allowedHosts.Any(pattern => pattern.Matches(name)))
        {
            return null;
        }

        return OutsideProblem(suffixes);
    }

    private string? LiteralProblem(IPAddress address, IReadOnlyList<string> suffixes)
    {
        if (AddressProblem(address) is { } problem)
            return problem;
        var vouchedFor = suffixes.Count == 0
            || Classify(address) == AddressKind.Loopback
            || AddressRanges.Covers(Policy.AllowedNetworks, address);
        return vouchedFor ? null : OutsideProblem(suffixes);
    }

    private string? AddressProblem(IPAddress address) => Classify(address) switch
    {
        AddressKind.Public => null,
        AddressKind.Loopback when Policy.AllowLoopback => null,
        AddressKind.Loopback => "It is this machine; only the operator can allow that, with --allow-loopback.",
        AddressKind.Private when AddressRanges.Covers(Policy.AllowedNetworks, address) => null,
        AddressKind.Private => "It is in a private network; only the operator can allow that, with --allow-network.",
        _ => "Link-local, metadata, multicast and reserved addresses are never allowed.",
    };

    private static string OutsideProblem(IReadOnlyList<string> suffixes) =>
        $"The host is not one of {string.Join(", ", suffixes)}; only the operator can allow others, with --allow-host or --allow-network.";
}
