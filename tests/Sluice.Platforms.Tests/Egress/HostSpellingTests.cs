using System.Net;
using CsCheck;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Tests.Egress;

public sealed class HostSpellingTests
{
    // As open as an operator can make it: what is still refused is refused always.
    private static readonly EgressGuard Open = new(new EgressPolicy
    {
        AllowLoopback = true,
        AllowedNetworks = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")],
    });

    private static readonly EgressGuard Default = new(new EgressPolicy());

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.169.254.")]
    [InlineData("2852039166")]
    [InlineData("2852039166.")]
    [InlineData("025177524776")]
    [InlineData("0251.0376.0251.0376")]
    [InlineData("0251.254.169.254")]
    [InlineData("169.254.169.0376")]
    [InlineData("0xA9FEA9FE")]
    [InlineData("0xa9fea9fe")]
    [InlineData("0XA9FEA9FE")]
    [InlineData("0xa9.0xfe.0xa9.0xfe")]
    [InlineData("169.254.169.0xfe")]
    [InlineData("169.254.43518")]
    [InlineData("169.16689662")]
    [InlineData("169.254.169.254.0")]
    [InlineData("000169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[::FFFF:A9FE:A9FE]")]
    [InlineData("::ffff:a9fe:a9fe")]
    [InlineData("0:0:0:0:0:ffff:a9fe:a9fe")]
    [InlineData("[::169.254.169.254]")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("[FD00:0EC2:0:0:0:0:0:254]")]
    [InlineData("[fe80::a9fe:a9fe]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("fec0::1%1")]
    [InlineData("\uff11\uff16\uff19.254.169.254")]
    [InlineData("169\u3002254\u3002169\u3002254")]
    [InlineData("169\uff0e254\uff0e169\uff0e254")]
    [InlineData("169\uff61254\uff61169\uff61254")]
    [InlineData("\u2460\u2465\u2468.254.169.254")]
    [InlineData("\u0661\u0666\u0669.254.169.254")]
    public void The_metadata_address_is_refused_in_every_spelling_whatever_is_allowed(string host) =>
        Open.Problem(host, []).ShouldNotBeNull();

    [Theory]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("0")]
    [InlineData("0x")]
    [InlineData("1")]
    [InlineData("0.0.0.0")]
    [InlineData("00.0.0.0")]
    [InlineData("127.0.0.01")]
    [InlineData("127.0.0.1.")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0")]
    [InlineData("1.2.3.4.5")]
    [InlineData("example.0x1")]
    [InlineData("example.123")]
    public void What_looks_like_a_number_and_is_no_dotted_quad_is_refused(string host) =>
        Open.Problem(host, []).ShouldNotBeNull();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\0.example.com")]
    [InlineData("a\r\nb")]
    [InlineData("user@host")]
    [InlineData("host/path")]
    [InlineData("host\\path")]
    [InlineData("host?x")]
    [InlineData("host#x")]
    [InlineData("host:5432")]
    [InlineData("127.0.0.1:5432")]
    [InlineData("[::1]:443")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[]")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[example.com]")]
    [InlineData("::1/128")]
    [InlineData("1::2::3")]
    [InlineData("a,b")]
    [InlineData("host=b")]
    [InlineData("a;b")]
    [InlineData("a'b")]
    [InlineData("%2e%2e")]
    [InlineData("b\u00fccher.example")]
    [InlineData("\uff45xample.com")]
    [InlineData("example\u3002com")]
    [InlineData("ex\u200bample.com")]
    public void What_is_no_host_is_refused(string host) => Open.Problem(host, []).ShouldNotBeNull();

    [Theory]
    [InlineData("/var/run/postgresql")]
    [InlineData("/tmp")]
    [InlineData("@abstract")]
    [InlineData("\\\\.\\pipe\\x")]
    public void A_socket_file_is_never_a_host(string host) => Open.Problem(host, []).ShouldBe("A socket file is not a host.");

    [Fact]
    public void A_refusal_says_how_to_write_it_instead()
    {
        Open.Problem("b\u00fccher.example", []).ShouldNotBeNull().ShouldContain("xn--");
        Open.Problem("fe80::1%eth0", []).ShouldNotBeNull().ShouldContain("zone");
        Open.Problem("2852039166", []).ShouldNotBeNull().ShouldContain("four decimal numbers");
        Open.Problem("example.com:443", []).ShouldNotBeNull().ShouldContain("port");
    }

    [Fact]
    public void A_name_or_label_longer_than_DNS_allows_is_refused()
    {
        Open.Problem(new string('a', 63) + ".example", []).ShouldBeNull();
        Open.Problem(new string('a', 64) + ".example", []).ShouldNotBeNull();
        Open.Problem(string.Join('.', Enumerable.Repeat("abcdefghi", 26)), []).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("db.example.com")]
    [InlineData("DB.Example.COM")]
    [InlineData("db.example.com.")]
    [InlineData("postgres")]
    [InlineData("my_db.internal")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("a9fea9fe")]
    [InlineData("0x.example")]
    [InlineData("1.2.3.4.example")]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1111")]
    [InlineData("[2606:4700::1111]")]
    public void A_plain_name_or_public_address_is_a_host(string host) => Default.Problem(host, []).ShouldBeNull();

    [Fact]
    public void A_number_that_any_parser_takes_for_a_forbidden_address_is_refused()
    {
        // The framework's parser reads what the C library reads: decimal, octal, hexadecimal and short forms.
        var number = Gen.OneOf(
            Gen.UInt.Select(n => n.ToString()), Gen.UInt.Select(n => $"0x{n:x}"), Gen.UInt.Select(n => $"0{Convert.ToString(n, 8)}"),
            Gen.Byte.Select(n => n.ToString()), Gen.Byte.Select(n => $"0x{n:X}"), Gen.Byte.Select(n => $"0{Convert.ToString(n, 8)}"),
            Gen.Const("169"), Gen.Const("254"));
        number.Array[1, 5].Select(parts => string.Join('.', parts)).Sample(host =>
        {
            if (IPAddress.TryParse(host, out var address) && EgressGuard.Classify(address) == AddressKind.Forbidden)
                Open.Problem(host, []).ShouldNotBeNull(host);
        });
    }

    [Fact]
    public void An_accepted_address_is_read_alike_by_the_framework_and_by_us()
    {
        var character = Gen.Char["0123456789abcdefxX.:[]%"];
        character.Array[1, 24].Select(chars => new string(chars)).Sample(
            host =>
            {
                if (Open.Problem(host, []) is null && IPAddress.TryParse(host, out var address))
                    SpelledHost.Parse(host).Address.ShouldBe(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, host);
            },
            iter: 20_000);
    }

    [Fact]
    public void No_text_makes_the_check_fail() => Gen.String.Sample(host =>
    {
        _ = Default.Problem(host, ["amazonaws.com"]);
        _ = EgressGuard.IsLoopback(host);
    });
}
