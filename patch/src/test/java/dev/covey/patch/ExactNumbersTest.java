package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A number is kept exactly or refused, never changed silently. */
class ExactNumbersTest {
    private static JsonNode frozen(Object value) {
        return FrozenTree.of(value, Json.MAPPER);
    }

    private static JsonNode parsed(String json) {
        return Json.parse(json, Limits.DEFAULT);
    }

    @Test
    void aFloatIsTheNumberThatItPrints() {
        assertThat(frozen(0.45f).toString()).isEqualTo("0.45");
        assertThat(frozen(Map.of("price", 0.1f)).path("price").doubleValue()).isEqualTo(0.1);
        assertThat(frozen(16_777_216f).doubleValue()).isEqualTo(16_777_216);
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993, 9007199254740993",
        "-9223372036854775808, -9223372036854775808",
        "0.45, 0.45",
        "5.0, 5.0",
        "1E+3, 1000",
        "1234567890.123456, 1.234567890123456E9",
        "1E+30, 1.0E30",
        "0.30000000000000004, 0.30000000000000004",
        "9007199254740993.0, 9007199254740993"
    })
    void aBigDecimalIsKeptWhereInt64OrADoubleIsTheSameNumber(String number, String kept) {
        JsonNode node = frozen(Map.of("n", DecimalNode.valueOf(new BigDecimal(number))));
        assertThat(node.path("n").toString()).isEqualTo(kept);
        assertThat(new BigDecimal(node.path("n").asText())).isEqualByComparingTo(new BigDecimal(number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12345678901234567.89",
                "0.10000000000000001",
                "9223372036854775808",
                "18446744073709551616",
                "1E+400",
                "1E-400",
                "1E+1000000000",
                "1234567890.123456789"
            })
    void aBigDecimalThatNeitherHoldsIsRefusedWithItsPlaceAndWhatToDo(String number) {
        Map<String, ?> value = Map.of("accounts", List.of(Map.of("balance", new BigDecimal(number))));
        assertThatThrownBy(() -> frozen(value)).isInstanceOfSatisfying(PatchException.class, refused -> {
            assertThat(refused.code()).isEqualTo(PatchCode.INVALID_PATCH);
            assertThat(refused.pointer()).isEqualTo("/accounts/0/balance");
            assertThat(refused.found())
                    .contains(new BigDecimal(number).toString().substring(0, 3));
            assertThat(refused.expected()).contains("send it as text");
        });
    }

    @Test
    void aPatchNamesThePlaceOfANumberThatItCannotKeep() {
        assertThatThrownBy(() -> Patch.set("/ledger", Map.of("balance", new BigDecimal("12345678901234567.89"))))
                .isInstanceOfSatisfying(
                        PatchException.class,
                        refused -> assertThat(refused.pointer()).isEqualTo("/ledger/balance"))
                .hasMessageContaining("12345678901234567.89");
    }

    @Test
    void aBigIntegerIsKeptWhereInt64OrADoubleIsTheSameNumber() {
        assertThat(frozen(new BigInteger("9007199254740993")).longValue()).isEqualTo(9_007_199_254_740_993L);
        assertThat(frozen(BigInteger.TEN.pow(20)).doubleValue()).isEqualTo(1e20);
        assertThatThrownBy(() -> frozen(BigInteger.ONE.shiftLeft(64))).isInstanceOf(PatchException.class);
        assertThatThrownBy(() -> frozen(BigInteger.ONE.shiftLeft(100_000))).isInstanceOf(PatchException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0.10000000000000001, 0.1",
        "1.0, 1.0",
        "1e3, 1000.0",
        "100000000000000000000, 1.0E20",
        "18446744073709552000, 1.8446744073709552E19",
        "4.9E-324, 4.9E-324",
        "1234567890123456789.0, 1234567890123456789",
        "9223372036854775807, 9223372036854775807",
        "-0.5, -0.5"
    })
    void textOfUpToSeventeenDigitsIsThePrintOfADouble(String json, String kept) {
        assertThat(parsed(json).toString()).isEqualTo(kept);
        assertThat(parsed("{\"a\":[" + json + "]}").path("a").path(0).toString())
                .isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234567890123456.78",
                "1234567890.123456789",
                "18446744073709551616",
                "1e400",
                "-1e400",
                "1e-400",
                "1e1000000000"
            })
    void textThatNoDoublePrintsIsRefused(String json) {
        assertThatThrownBy(() -> parsed("{\"a\":[0," + json + "]}"))
                .isInstanceOfSatisfying(
                        PatchException.class,
                        refused -> assertThat(refused.pointer()).isEqualTo("/a/1"));
    }

    @Test
    void everyDoubleComesBackFromItsOwnPrintAndEveryDecimalOfFifteenDigitsFromItsDouble() {
        long seed = Long.getLong("covey.seed", 20_261_128L);
        System.out.println("exact numbers, seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            double real = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(real) && real != 0) {
                assertThat(parsed(Double.toString(real)).doubleValue()).isEqualTo(real);
                assertThat(frozen(new BigDecimal(Double.toString(real))).doubleValue())
                        .isEqualTo(real);
            }
            BigDecimal decimal = BigDecimal.valueOf(random.nextLong(1_000_000_000_000_000L), random.nextInt(0, 30));
            assertThat(new BigDecimal(frozen(decimal).asText())).isEqualByComparingTo(decimal);
        }
    }
}
