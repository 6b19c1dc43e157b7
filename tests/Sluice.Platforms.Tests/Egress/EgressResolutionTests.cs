using System.Net;
using System.Net.Sockets;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.Egress;

public sealed class EgressResolutionTests
{
    [Fact]
    public async Task What_was_resolved_and_checked_is_what_is_handed_out()
    {
        var resolver = new FixedResolver(["8.8.8.8", "::ffff:8.8.4.4", "8.8.8.8", "2606:4700::1111"], ["127.0.0.1"]);
        var guard = new EgressGuard(new EgressPolicy(), resolver);

        var addresses = await guard.ResolveAsync("DB.Example.com.", [], CancellationToken.None);

        addresses.ShouldBe([IPAddress.Parse("8.8.8.8"), IPAddress.Parse("8.8.4.4"), IPAddress.Parse("2606:4700::1111")]);
        resolver.Asked.ShouldBe(["db.example.com"]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("10.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("0.0.0.0")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    public async Task One_address_that_is_not_allowed_refuses_the_name(string address)
    {
        foreach (var answer in new string[][] { [address], ["8.8.8.8", address], [address, "8.8.8.8"] })
        {
            var guard = new EgressGuard(new EgressPolicy(), new FixedResolver(answer));
            var refusal = await Should.ThrowAsync<PlatformException>(async () =>
                await guard.ResolveAsync("glue.us-east-1.amazonaws.com", ["amazonaws.com"], CancellationToken.None));
            refusal.Failure.ShouldBe(PlatformFailure.EgressDenied);
            refusal.Message.ShouldNotContain(address);
        }
    }

    [Fact]
    public async Task A_name_that_rebinds_is_checked_at_every_resolution()
    {
        var guard = new EgressGuard(new EgressPolicy(), new FixedResolver(["8.8.8.8"], ["169.254.169.254"]));
        (await guard.ResolveAsync("rebind.example", [], CancellationToken.None)).ShouldBe([IPAddress.Parse("8.8.8.8")]);
        (await Should.ThrowAsync<PlatformException>(async () => await guard.ResolveAsync("rebind.example", [], CancellationToken.None)))
            .Failure.ShouldBe(PlatformFailure.EgressDenied);
    }

    [Fact]
    public async Task A_refused_host_is_never_looked_up()
    {
        var resolver = new FixedResolver(["8.8.8.8"]);
        var guard = new EgressGuard(new EgressPolicy(), resolver);
        foreach (var host in new[] { "example.com", "2852039166", "localhost", "169.254.169.254", "/tmp" })
        {
            (await Should.ThrowAsync<PlatformException>(async () => await guard.ResolveAsync(host, ["amazonaws.com"], CancellationToken.None)))
                .Failure.ShouldBe(PlatformFailure.EgressDenied);
        }

        resolver.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Localhost_and_addresses_are_never_looked_up()
    {
        var resolver = new FixedResolver(["8.8.8.8"]);
        var guard = new EgressGuard(new EgressPolicy { AllowLoopback = true }, resolver);
        (await guard.ResolveAsync("db.localhost", [], CancellationToken.None)).ShouldBe([IPAddress.Loopback, IPAddress.IPv6Loopback]);
        (await guard.ResolveAsync("[::ffff:127.0.0.9]", [], CancellationToken.None)).ShouldBe([IPAddress.Parse("127.0.0.9")]);
        resolver.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_may_resolve_to_an_allowed_network()
    {
        var policy = new EgressPolicy { AllowedNetworks = [IPNetwork.Parse("10.0.0.0/8")] };
        var guard = new EgressGuard(policy, new FixedResolver(["10.1.2.3"], ["10.1.2.3", "192.168.0.1"]));
        (await guard.ResolveAsync("vpce.amazonaws.com", ["amazonaws.com"], CancellationToken.None)).ShouldBe([IPAddress.Parse("10.1.2.3")]);
        await Should.ThrowAsync<PlatformException>(async () =>
            await guard.ResolveAsync("vpce.amazonaws.com", ["amazonaws.com"], CancellationToken.None));
    }

    [Fact]
    public async Task A_name_without_addresses_is_unreachable()
    {
        var guard = new EgressGuard(new EgressPolicy(), new FixedResolver([[]]));
        (await Should.ThrowAsync<PlatformException>(async () => await guard.ResolveAsync("none.example", [], CancellationToken.None)))
            .Failure.ShouldBe(PlatformFailure.Unreachable);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_unreachable_by_the_real_resolver_too()
    {
        // RFC 6761 keeps .invalid free of names for ever.
        var guard = new EgressGuard(new EgressPolicy());
        var refusal = await Should.ThrowAsync<PlatformException>(async () =>
            await guard.ResolveAsync("nowhere.invalid", [], CancellationToken.None));
        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldContain("nowhere.invalid");
    }

    [Fact]
    public async Task A_resolver_that_hangs_ends_after_five_seconds()
    {
        var time = new ManualTime();
        var guard = new EgressGuard(new EgressPolicy(), new HangingResolver(), time);
        var resolving = guard.ResolveAsync("slow.example", [], CancellationToken.None).AsTask();
        (await time.NextTimerAsync()).ShouldBe(TimeSpan.FromSeconds(5));
        resolving.IsCompleted.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<PlatformException>(() => resolving)).Failure.ShouldBe(PlatformFailure.Unreachable);
    }

    [Fact]
    public async Task The_caller_can_give_up_a_resolver_that_hangs()
    {
        using var giveUp = new CancellationTokenSource();
        var guard = new EgressGuard(new EgressPolicy(), new HangingResolver());
        var resolving = guard.ResolveAsync("slow.example", [], giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        (await Should.ThrowAsync<OperationCanceledException>(() => resolving)).CancellationToken.ShouldBe(giveUp.Token);
    }

    [Fact]
    public async Task A_flood_of_addresses_is_checked_whole_and_tried_in_part()
    {
        var many = Enumerable.Range(1, 200).Select(i => $"8.8.8.{i}").ToArray();
        var guard = new EgressGuard(new EgressPolicy(), new FixedResolver(many, [.. many, "127.0.0.1"]));
        (await guard.ResolveAsync("many.example", [], CancellationToken.None)).Count.ShouldBe(16);
        await Should.ThrowAsync<PlatformException>(async () => await guard.ResolveAsync("many.example", [], CancellationToken.None));
    }

    [Fact]
    public async Task What_can_be_no_host_is_not_repeated()
    {
        var guard = new EgressGuard(new EgressPolicy());
        var refusal = await Should.ThrowAsync<PlatformException>(async () =>
            await guard.ResolveAsync("secret\r\nvalue", [], CancellationToken.None));
        refusal.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task The_next_address_is_tried_when_the_first_refuses()
    {
        await using var server = TinyServer.Answering("");
        var guard = new EgressGuard(
            new EgressPolicy { AllowLoopback = true }, new FixedResolver(["127.0.0.2", "127.0.0.1"]));
        using var socket = await ConnectAsync(guard, "two.example", server.Port, CancellationToken.None);
        socket.RemoteEndPoint.ShouldBe(new IPEndPoint(IPAddress.Loopback, server.Port));
    }

    [Fact]
    public async Task Where_nothing_listens_the_message_names_host_and_port()
    {
        var port = TinyServer.FreePort();
        var guard = new EgressGuard(new EgressPolicy { AllowLoopback = true }, new FixedResolver(["127.0.0.2", "127.0.0.1"]));
        var refusal = await Should.ThrowAsync<PlatformException>(async () =>
            await ConnectAsync(guard, "two.example", port, CancellationToken.None));
        refusal.Failure.ShouldBe(PlatformFailure.Unreachable);
        refusal.Message.ShouldBe($"two.example refuses connections at port {port}.");
    }

    [Fact]
    public async Task An_address_that_stays_silent_does_not_hold_up_the_next()
    {
        await using var server = TinyServer.Answering("");
        using var silence = new SilentAddress("127.0.0.2", server.Port);
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var guard = new EgressGuard(new EgressPolicy { AllowLoopback = true }, new FixedResolver(["127.0.0.2", "127.0.0.1"]));
        using var socket = await ConnectAsync(guard, "two.example", server.Port, giveUp.Token);
        socket.RemoteEndPoint.ShouldBe(new IPEndPoint(IPAddress.Loopback, server.Port));
    }

    [Fact]
    public async Task The_caller_can_give_up_an_address_that_stays_silent()
    {
        using var silence = new SilentAddress("127.0.0.2", 0);
        using var giveUp = new CancellationTokenSource();
        var guard = new EgressGuard(new EgressPolicy { AllowLoopback = true });
        var connecting = ConnectAsync(guard, "127.0.0.2", silence.Port, giveUp.Token);
        await giveUp.CancelAsync();
        (await Should.ThrowAsync<OperationCanceledException>(() => connecting)).CancellationToken.ShouldBe(giveUp.Token);
    }

    private static async Task<Socket> ConnectAsync(EgressGuard guard, string host, int port, CancellationToken cancellationToken) =>
        await guard.ConnectAsync(await guard.ResolveAsync(host, [], cancellationToken), host, port, cancellationToken);

    /// <summary>A full backlog: Linux drops further connections without a word.</summary>
    private sealed class SilentAddress : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<TcpClient> _queued = [];

        public SilentAddress(string address, int port)
        {
            if (!OperatingSystem.IsLinux())
                Assert.Skip("Only Linux is known to drop connections to a full backlog.");
            _listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            _listener.Listen(1);
            for (var i = 0; i < 2; i++)
                _queued.Add(new TcpClient(address, Port));
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose()
        {
            _queued.ForEach(client => client.Dispose());
            _listener.Dispose();
        }
    }

    private sealed class HangingResolver : IHostResolver
    {
        // It does not even look at its token, as the C library does not.
        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
            new TaskCompletionSource<IPAddress[]>().Task;
    }
}
