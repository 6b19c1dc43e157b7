using System.Net.Http.Headers;
using System.Text.Json;

namespace Sluice.Sandbox.Databricks.Tests;

/// <summary>An answer of the sandbox, as it came over the wire.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>error_code, a string or a number.</summary>
    public string? Error => Status < 400 ? null : Json.GetProperty("error_code").ToString();

    public string Message => Json.GetProperty("message").GetString()!;

    /// <summary>What API 1.2 says went wrong.</summary>
    public string Reason => Json.GetProperty("error").GetString()!;

    public Answer ShouldSucceed()
    {
        Status.ShouldBeInRange(200, 299, Body);
        return this;
    }

    public Answer ShouldFail(int status, string code)
    {
        Status.ShouldBe(status, Body);
        Error.ShouldBe(code, Body);
        return this;
    }
}
