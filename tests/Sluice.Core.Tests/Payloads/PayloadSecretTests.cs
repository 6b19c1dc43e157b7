using Sluice.Core.Payloads;

namespace Sluice.Core.Tests.Payloads;

public sealed class PayloadSecretTests
{
    private const string Planted = "PLANTED-4f1c";

    [Fact]
    public void A_string_is_the_secret_itself()
    {
        var payload = Body.Of($$"""{"password": "{{Planted}}"}""");
        payload.Secret("password").ShouldBe(new SecretInput.Literal(Planted));
        payload.RejectUnread();
        payload.Problems.Any.ShouldBeFalse();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"password\": null}")]
    [InlineData("{\"password\": \"[REDACTED]\"}")]
    public void Absent_null_and_redacted_keep_the_stored_one(string json)
    {
        var payload = Body.Of(json);
        payload.Secret("password").ShouldBe(new SecretInput.Kept());
        payload.RejectUnread();
        payload.Problems.Any.ShouldBeFalse();
    }

    [Theory]
    [InlineData("env:SLUICE_SECRET_DB")]
    [InlineData("file:db/password")]
    [InlineData("file:/run/secrets/db")]
    public void An_object_says_where_the_secret_is(string source)
    {
        var payload = Body.Of($$$"""{"password": {"$secret": "{{{source}}}"}}""");
        payload.Secret("password").ShouldBe(new SecretInput.Reference(source));
        payload.Problems.Any.ShouldBeFalse();
    }

    [Theory]
    [InlineData("env:PATH")]
    [InlineData("env:sluice_secret_db")]
    [InlineData("ENV:SLUICE_SECRET_DB")]
    [InlineData("env: SLUICE_SECRET_DB")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("PLANTED-4f1c")]
    [InlineData("env:SLUICE_SECRET_")]
    [InlineData("file:")]
    public void Another_source_is_refused_and_not_repeated(string source)
    {
        var payload = Body.Of($$$"""{"password": {"$secret": "{{{source}}}"}}""");
        payload.Secret("password").ShouldBe(new SecretInput.Kept());
        var problem = payload.Problems.ShouldHaveSingleItem();
        problem.Path.ShouldBe("$.password.$secret");
        problem.Message.ShouldStartWith("must be env:NAME");
        problem.Message.ShouldNotContain(Planted);
    }

    [Theory]
    [InlineData("5", "$.password must be a string, not a number")]
    [InlineData("true", "$.password must be a string, not a boolean")]
    [InlineData("[\"PLANTED-4f1c\"]", "$.password must be a string, not a list")]
    [InlineData("\"\"", "$.password must not be empty")]
    [InlineData("\"PLANTED-4f1c\\ud800\"", "$.password is not well-formed Unicode")]
    [InlineData("{\"$secret\": 5}", "$.password.$secret must be a string, not a number")]
    [InlineData("{\"$secret\": {\"x\": \"PLANTED-4f1c\"}}", "$.password.$secret must be a string, not an object")]
    [InlineData("{}", "$.password.$secret is required")]
    [InlineData("{\"value\": \"PLANTED-4f1c\"}", "$.password.$secret is required|$.password.value is not a known member")]
    [InlineData("{\"$secret\": \"env:SLUICE_SECRET_A\", \"x\": \"PLANTED-4f1c\"}", "$.password.x is not a known member")]
    public void What_is_no_secret_is_told_without_repeating_it(string value, string problems)
    {
        var payload = Body.Of($$"""{"password": {{value}}}""");
        payload.Secret("password");
        payload.RejectUnread();
        payload.Problems.Told().ShouldBe(problems.Split('|'));
        payload.Problems.ShouldAllBe(p => !p.Message.Contains("4f1c"));
    }

    [Fact]
    public void A_member_nobody_knows_does_not_repeat_its_value()
    {
        var payload = Body.Of($$$"""{"passwort": "{{{Planted}}}", "nested": {"secret": "{{{Planted}}}"}}""");
        payload.Secret("password");
        payload.RejectUnread();
        payload.Problems.Told().ShouldBe(["$.passwort is not a known member; did you mean 'password'?", "$.nested is not a known member"]);
    }

    [Fact]
    public void A_payload_never_prints_its_values()
    {
        Printed(Body.Of($$"""{"password": "{{Planted}}"}""")).ShouldNotContain(Planted);

        static string Printed(object any) => $"{any}";
    }
}
