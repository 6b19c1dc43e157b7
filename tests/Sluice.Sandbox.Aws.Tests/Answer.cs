using System.Net.Http.Headers;
using System.Text.Json;

namespace Sluice.Sandbox.Aws.Tests;

/// <summary>An answer of the sandbox, as it came over the wire.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The error's code, wherever the protocol puts it.</summary>
    public string? Error => Headers.TryGetValues("x-amzn-ErrorType", out var values) ? values.Single()
        : Status < 400 ? null
        : Json.GetProperty("__type").GetString();

    public string Message => Json.TryGetProperty("Message", out var message) ? message.GetString()! : Json.GetProperty("message").GetString()!;

    public Answer ShouldSucceed()
    {
        Status.ShouldBe(200, Body);
        return this;
    }

    public Answer ShouldFail(string code)
    {
        Error.ShouldBe(code, Body);
        return this;
    }
}
