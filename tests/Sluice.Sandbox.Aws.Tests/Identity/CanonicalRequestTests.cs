using Microsoft.Extensions.Primitives;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.Tests.Identity;

public sealed class CanonicalRequestTests
{
    // AWS's published Signature Version 4 test suite: its credentials, its time and its answers.
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Time = "20150830T123600Z";

    [Theory]
    [InlineData("get-vanilla", "GET", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("post-vanilla", "POST", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void The_signature_is_that_of_the_published_test_suite(string name, string method, string query, string expected)
    {
        Sign(method, "/", query, []).ShouldBe(expected, name);
    }

    [Fact]
    public void A_signed_header_takes_part_with_its_value_as_sent()
    {
        Sign("POST", "/", "", [("my-header1", "VALUE1")]).ShouldBe("cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d", "post-header-value-case");
    }

    [Theory]
    [InlineData("/example/..")]
    [InlineData("/./")]
    [InlineData("//")]
    public void Paths_are_normalised_before_they_are_signed(string path)
    {
        Sign("GET", path, "", []).ShouldBe(Sign("GET", "/", "", []));
    }

    [Fact]
    public void Blanks_in_header_values_are_squeezed()
    {
        Sign("GET", "/", "", [("my-header1", "  a   b  ")]).ShouldBe(Sign("GET", "/", "", [("my-header1", "a b")]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer abc")]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/glue/aws4_request, Signature=00")]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/aws4_request, SignedHeaders=host, Signature=00")]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/glue/aws3_request, SignedHeaders=host, Signature=00")]
    public void An_incomplete_authorization_is_none(string? header)
    {
        SignatureClaim.Parse(header).ShouldBeNull();
    }

    private static string Sign(string method, string path, string query, (string Name, string Value)[] more)
    {
        var headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase) { ["host"] = "example.amazonaws.com", ["x-amz-date"] = Time };
        foreach (var (name, value) in more) headers[name] = value;
        string[] names = [.. headers.Keys.Order(StringComparer.Ordinal)];
        var claim = new SignatureClaim("AKIDEXAMPLE", Time[..8], "us-east-1", "service", names, "");
        var request = new SignedRequest(method, path, query, headers, ReadOnlyMemory<byte>.Empty);
        return CanonicalRequest.Sign(Secret, claim, Time, CanonicalRequest.Write(request, names));
    }
}
