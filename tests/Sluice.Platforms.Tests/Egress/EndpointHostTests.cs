using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Tests.Egress;

public sealed class EndpointHostTests
{
    private static readonly string[] Suffixes = ["example.com"];
    private static readonly EgressGuard Guard = new(new EgressPolicy { AllowLoopback = true });

    [Theory]
    [InlineData("acme.example.com", "acme.example.com")]
    [InlineData("Acme.Example.COM", "acme.example.com")]
    [InlineData("acme.example.com.", "acme.example.com")]
    [InlineData("https://acme.example.com", "acme.example.com")]
    [InlineData("HTTPS://acme.example.com/", "acme.example.com")]
    [InlineData("acme.example.com/", "acme.example.com")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1")]
    [InlineData("http://LOCALHOST/", "http://localhost")]
    [InlineData("http://[::1]", "http://[::1]")]
    [InlineData("::1", "::1")]
    [InlineData("[0:0:0:0:0:0:0:1]", "::1")]
    public void A_host_has_one_text_however_it_is_spelled(string spelled, string text)
    {
        var host = EndpointHost.Parse(spelled, Guard, Suffixes, out var problem);
        problem.ShouldBeNull();
        host!.Text.ShouldBe(text);
        EndpointHost.Parse(host.Text, Guard, Suffixes, out _).ShouldBe(host);
    }

    [Theory]
    [InlineData("acme.example.com/console", "without a path")]
    [InlineData("https://acme.example.com//", "without a path")]
    [InlineData("acme.example.com?o=1", "without a path")]
    [InlineData("acme.example.com#x", "without a path")]
    [InlineData("acme.example.com\\x", "without a path")]
    [InlineData("acme.example.com:443", "without a port")]
    [InlineData("https://acme.example.com:443/", "without a port")]
    [InlineData("[::1]:443", "without a port")]
    [InlineData("https://user:secret@acme.example.com", "without a user")]
    [InlineData("ftp://acme.example.com", "no other is known")]
    [InlineData("https://https://acme.example.com", "no other is known")]
    [InlineData("http://acme.example.com", "use https")]
    [InlineData("acme.example.org", "not one of example.com")]
    [InlineData(" acme.example.com", "letters, digits")]
    [InlineData("acme.example.com\n", "letters, digits")]
    [InlineData("169.254.169.254", "never allowed")]
    [InlineData("https://", "missing")]
    [InlineData("", "missing")]
    public void What_is_more_than_a_host_or_none_is_refused(string spelled, string said)
    {
        EndpointHost.Parse(spelled, Guard, Suffixes, out var problem).ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(said);
    }

    [Theory]
    [InlineData("acme.example.com", 443, "https://acme.example.com/")]
    [InlineData("http://localhost", 8080, "http://localhost:8080/")]
    [InlineData("::1", 8443, "https://[::1]:8443/")]
    public void Requests_go_to_it_at_the_port_beside_it(string spelled, int port, string address) =>
        EndpointHost.Parse(spelled, Guard, Suffixes, out _)!.Address(port).AbsoluteUri.ShouldBe(address);
}
