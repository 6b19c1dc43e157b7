using System.Net;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Tests.Egress;

public sealed class EgressRulesTests
{
    private static readonly string[] Aws = ["amazonaws.com", "amazonaws.com.cn"];
    private static readonly EgressGuard Default = new(new EgressPolicy());

    [Theory]
    [InlineData("amazonaws.com")]
    [InlineData("glue.us-east-1.amazonaws.com")]
    [InlineData("GLUE.us-east-1.AmazonAWS.com")]
    [InlineData("glue.us-east-1.amazonaws.com.")]
    [InlineData("glue.cn-north-1.amazonaws.com.cn")]
    public void A_suffix_covers_itself_and_what_is_below(string host) => Default.Problem(host, Aws).ShouldBeNull();

    [Theory]
    [InlineData("evilamazonaws.com")]
    [InlineData("amazonaws.com.evil.example")]
    [InlineData("amazonaws.com.cn.example")]
    [InlineData("example.com")]
    [InlineData("com")]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1111")]
    public void A_host_outside_the_suffixes_is_refused_and_the_remedy_named(string host) =>
        Default.Problem(host, Aws).ShouldNotBeNull().ShouldContain("--allow-host");

    [Fact]
    public void An_allowed_host_is_exactly_that_host()
    {
        var guard = new EgressGuard(new EgressPolicy { AllowedHosts = ["Glue.Example.com."] });
        guard.Problem("glue.example.com", Aws).ShouldBeNull();
        guard.Problem("glue.EXAMPLE.com.", Aws).ShouldBeNull();
        guard.Problem("x.glue.example.com", Aws).ShouldNotBeNull();
        guard.Problem("example.com", Aws).ShouldNotBeNull();
        guard.Problem("xglue.example.com", Aws).ShouldNotBeNull();
    }

    [Fact]
    public void A_wildcard_allows_what_is_below_and_not_the_suffix_itself()
    {
        var guard = new EgressGuard(new EgressPolicy { AllowedHosts = ["*.example.com"] });
        guard.Problem("a.example.com", Aws).ShouldBeNull();
        guard.Problem("a.b.example.com", Aws).ShouldBeNull();
        guard.Problem("example.com", Aws).ShouldNotBeNull();
        guard.Problem("evilexample.com", Aws).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("")]
    [InlineData("a.*.example")]
    [InlineData("https://example.com")]
    [InlineData("example.com:443")]
    [InlineData("10.0.0.1")]
    [InlineData("127.1")]
    public void An_allowed_host_that_is_none_stops_the_start(string entry) =>
        Should.Throw<ArgumentException>(() => new EgressGuard(new EgressPolicy { AllowedHosts = [entry] })).Message.ShouldContain("allowed host");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.")]
    [InlineData("db.localhost")]
    public void Loopback_needs_the_operator_and_then_satisfies_the_suffixes(string host)
    {
        var open = new EgressGuard(new EgressPolicy { AllowLoopback = true });
        EgressGuard.IsLoopback(host).ShouldBeTrue();
        Default.Problem(host, []).ShouldNotBeNull().ShouldContain("--allow-loopback");
        Default.Problem(host, Aws).ShouldNotBeNull();
        open.Problem(host, []).ShouldBeNull();
        open.Problem(host, Aws).ShouldBeNull();
    }

    [Theory]
    [InlineData("localhost.example")]
    [InlineData("notlocalhost")]
    [InlineData("8.8.8.8")]
    [InlineData("10.0.0.1")]
    [InlineData("127.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("")]
    public void Nothing_else_counts_as_loopback(string host) => EgressGuard.IsLoopback(host).ShouldBeFalse();

    [Fact]
    public void An_allowed_network_does_not_open_loopback()
    {
        var guard = new EgressGuard(new EgressPolicy { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::/0")] });
        guard.Problem("127.0.0.1", []).ShouldNotBeNull();
        guard.Problem("::1", []).ShouldNotBeNull();
        guard.Problem("localhost", []).ShouldNotBeNull();
    }

    [Fact]
    public void Allowed_loopback_does_not_open_private_networks() =>
        new EgressGuard(new EgressPolicy { AllowLoopback = true }).Problem("10.0.0.1", []).ShouldNotBeNull().ShouldContain("--allow-network");

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("64:ff9b::10.1.2.3", true)]
    [InlineData("10.2.0.1", false)]
    [InlineData("::10.1.2.3", false)]
    [InlineData("2002:0a01:203::1", false)]
    [InlineData("fd12::1", true)]
    [InlineData("fd13::1", false)]
    public void A_private_address_needs_a_network_that_covers_it(string host, bool allowed)
    {
        var guard = new EgressGuard(new EgressPolicy { AllowedNetworks = [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd12::/16")] });
        Default.Problem(host, []).ShouldNotBeNull();
        (guard.Problem(host, []) is null).ShouldBe(allowed);
        (guard.Problem(host, Aws) is null).ShouldBe(allowed);
    }

    [Fact]
    public void A_public_address_of_an_allowed_network_satisfies_the_suffixes()
    {
        var guard = new EgressGuard(new EgressPolicy { AllowedNetworks = [IPNetwork.Parse("8.8.8.0/24")] });
        guard.Problem("8.8.8.8", Aws).ShouldBeNull();
        guard.Problem("8.8.4.4", Aws).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("https://glue.us-east-1.amazonaws.com", true)]
    [InlineData("https://vpce-1.glue.us-east-1.vpce.amazonaws.com:8443/", true)]
    [InlineData("http://glue.us-east-1.amazonaws.com", false)]
    [InlineData("https://user@glue.us-east-1.amazonaws.com", false)]
    [InlineData("https://glue.us-east-1.amazonaws.com/?x=1", false)]
    [InlineData("https://glue.us-east-1.amazonaws.com/#x", false)]
    [InlineData("https://example.com", false)]
    [InlineData("https://amazonaws.com@example.com", false)]
    [InlineData("ftp://amazonaws.com", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("http://127.0.0.1:4566", true)]
    [InlineData("http://localhost:4566", true)]
    [InlineData("http://[::1]:4566", true)]
    [InlineData("https://localhost:4566", true)]
    [InlineData("http://169.254.169.254/", false)]
    [InlineData("http://2852039166/", false)]
    [InlineData("http://0xA9FEA9FE/", false)]
    [InlineData("http://0251.0376.0251.0376/", false)]
    [InlineData("http://\uff11\uff16\uff19.254.169.254/", false)]
    [InlineData("http://169\u3002254.169.254/", false)]
    [InlineData("http://[::ffff:169.254.169.254]/", false)]
    [InlineData("https://[fe80::1%25eth0]/", false)]
    public void An_endpoint_is_https_but_for_loopback_and_its_host_is_checked(string url, bool allowed)
    {
        var guard = new EgressGuard(new EgressPolicy { AllowLoopback = true });
        (guard.Problem(new Uri(url), Aws) is null).ShouldBe(allowed);
    }

    [Fact]
    public void A_relative_endpoint_is_none() =>
        Default.Problem(new Uri("/x/y", UriKind.Relative), Aws).ShouldNotBeNull();
}
