using System.Net;
using Microsoft.AspNetCore.Http;
using Sluice.Server.Authentication;

namespace Sluice.Server.Tests.Authentication;

public sealed class FailedAuthenticationsTests
{
    [Fact]
    public void An_address_with_too_many_failures_has_its_tokens_looked_at_two_at_once()
    {
        using var failures = new FailedAuthentications(perMinute: 3);
        var guesser = From("192.0.2.1");
        for (var failure = 0; failure < 3; failure++) failures.Count(guesser).ShouldBeNull();

        failures.TryEnter(guesser, out var first).ShouldBeTrue();
        failures.TryEnter(guesser, out var second).ShouldBeTrue();
        failures.TryEnter(guesser, out _).ShouldBeFalse("a valid token waits too, for nobody has looked at it");
        failures.TryEnter(From("192.0.2.2"), out var elsewhere).ShouldBeTrue();
        elsewhere.ShouldBeNull("others are not slowed");

        first!.Dispose();
        failures.TryEnter(guesser, out var third).ShouldBeTrue();
        second!.Dispose();
        third!.Dispose();
    }

    [Fact]
    public void An_address_without_too_many_failures_has_any_number_of_tokens_looked_at()
    {
        using var failures = new FailedAuthentications(perMinute: 3);
        var client = From("192.0.2.1");
        for (var failure = 0; failure < 2; failure++) failures.Count(client).ShouldBeNull();

        for (var request = 0; request < 100; request++)
        {
            failures.TryEnter(client, out var turn).ShouldBeTrue();
            turn.ShouldBeNull();
        }
    }

    private static DefaultHttpContext From(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return context;
    }
}
