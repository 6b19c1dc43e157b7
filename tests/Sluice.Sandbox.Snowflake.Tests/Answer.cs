using System.Text.Json;

namespace Sluice.Sandbox.Snowflake.Tests;

/// <summary>An answer of the sandbox, whatever it is.</summary>
internal sealed record Answer(int Status, string Body)
{
    private readonly Lazy<JsonElement> json = new(() => JsonDocument.Parse(Body).RootElement.Clone());

    public JsonElement Json => json.Value;

    public bool Success => Status == 200 && Json.GetProperty("success").GetBoolean();

    public string? Code => Json.GetProperty("code").GetString();

    public string? Message => Json.GetProperty("message").GetString();

    public JsonElement Data => Json.GetProperty("data");

    public string QueryId => Data.GetProperty("queryId").GetString()!;

    public string[] Columns => [.. Data.GetProperty("rowtype").EnumerateArray().Select(column => column.GetProperty("name").GetString()!)];

    public string?[][] Rows => [.. RowsOf(Data.GetProperty("rowset"))];

    public string?[] Column(string name)
    {
        var index = Array.IndexOf(Columns, name);
        index.ShouldBeGreaterThanOrEqualTo(0, $"{name} is none of {string.Join(", ", Columns)}");
        return [.. Rows.Select(row => row[index])];
    }

    public Answer ShouldSucceed()
    {
        Success.ShouldBeTrue(Body);
        return this;
    }

    public Answer ShouldFail(string code)
    {
        Code.ShouldBe(code, Body);
        Json.GetProperty("success").GetBoolean().ShouldBeFalse();
        return this;
    }

    public static IEnumerable<string?[]> RowsOf(JsonElement rows) => rows.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetString()).ToArray());
}
